"""Tokens as API v1 asks for them and shows them."""

from typing import Any

from rest_framework import serializers

from ftcml.accounts.messages import SCOPES
from ftcml.accounts.models import ApiToken, Scope
from ftcml.core.requests.parameters import ApiText


class ScopesField(serializers.ListField):
    """What a token may do. `read` is always in it."""

    def __init__(self, **options: Any) -> None:
        words = " ".join(f"`{scope}`: {SCOPES[scope]}" for scope in Scope)
        options.setdefault("help_text", f"The token may do this, and never more than you may. {words}")
        super().__init__(child=serializers.ChoiceField(Scope.choices), max_length=10, **options)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="Send it as `Authorization: Token …`. It is shown only once.")
    expires = serializers.DateTimeField(help_text="When it ends. Each use extends it.")


class GivenTokenSerializer(serializers.Serializer):
    name = ApiText(max_length=100, help_text="A name that says which program uses the token.")
    scopes = ScopesField()


class OwnTokenSerializer(serializers.ModelSerializer):
    team = serializers.IntegerField(source="membership.team.number", read_only=True, help_text="The team's number.")
    scopes = ScopesField(read_only=True)

    class Meta:
        model = ApiToken
        fields = ("id", "name", "team", "scopes", "created", "last_used", "expires")
        read_only_fields = fields


class CurrentTokenSerializer(serializers.Serializer):
    """Who asks. `token` is null for a page's session."""

    team = serializers.IntegerField(help_text="The team's number.")
    username = serializers.CharField()
    scopes = ScopesField()
    token = OwnTokenSerializer(allow_null=True)
