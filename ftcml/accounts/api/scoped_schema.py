"""The API's description says of each operation which scope its token needs."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from ftcml.accounts.services import scopes


class ScopedSchema(AutoSchema):
    """Django REST framework's own way in: one for each endpoint, made where `DEFAULT_SCHEMA_CLASS` names it."""

    def get_extensions(self) -> dict[str, Any]:
        scope = scopes.needed(self.view, self.method)
        return {**super().get_extensions(), **({"x-required-scope": scope.value} if scope else {})}
