"""What holds for every operation of the API, said in its description (OpenAPI) in one place: how it can refuse."""

from typing import Any

_ERROR = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
# What anybody may get anywhere, whatever is asked for.
_ANYWHERE = {
    "400": "The request can't be read, or what it asks for can't be done.",
    "503": "The server is busy, under maintenance, or can't reach its storage. Try again in a moment.",
}
_WITH_TOKEN = {
    "401": "The token isn't valid.",
    "403": "You aren't on a team, or only coaches can do this.",
}
_WITH_BODY = {
    "413": "The body is too large.",
    "415": "The server can't read this kind of body.",
}
_METHODS = ("get", "post", "put", "patch", "delete")


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Name the errors of every operation, beside those that it names itself. A hook of drf-spectacular."""
    for methods in result["paths"].values():
        for operation in (methods[method] for method in _METHODS if method in methods):
            errors = {**_ANYWHERE}
            if operation.get("security") and {} not in operation["security"]:
                errors |= _WITH_TOKEN
            if "requestBody" in operation:
                errors |= _WITH_BODY
            for status, why in errors.items():
                operation["responses"].setdefault(status, {**_ERROR, "description": why})
    return result
