"""What holds for every operation of the API, said in its description (OpenAPI) in one place: how it can refuse."""

from typing import Any

from ftcml.core import messages

_ERROR = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
_METHODS = ("get", "post", "put", "patch", "delete")


def add_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add to every operation the errors that it doesn't name itself. A hook of drf-spectacular."""
    for methods in result["paths"].values():
        for operation in (methods[method] for method in _METHODS if method in methods):
            errors = dict(messages.ANY_OPERATION)
            if operation.get("security") and {} not in operation["security"]:
                errors |= messages.WITH_TOKEN
            if "requestBody" in operation:
                errors |= messages.WITH_BODY
            for status, why in errors.items():
                operation["responses"].setdefault(status, {**_ERROR, "description": why})
    return result
