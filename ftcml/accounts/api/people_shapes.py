"""People of a team as API v1 shows them, and what it asks for."""

from rest_framework import serializers

from ftcml.accounts.models import Membership
from ftcml.core.requests.parameters import ApiText


class PersonSerializer(serializers.ModelSerializer):
    username = serializers.CharField(source="user.username", read_only=True)
    name = serializers.CharField(source="user.get_full_name", read_only=True, help_text="Empty for most.")

    class Meta:
        model = Membership
        fields = ("id", "username", "name", "role")
        read_only_fields = fields


class GivenPeopleSerializer(serializers.Serializer):
    names = serializers.ListField(
        child=ApiText(), min_length=1, max_length=100, help_text="“Mia Brown” gets the user name mia.brown."
    )


class NewPersonSerializer(serializers.Serializer):
    username = serializers.CharField(help_text="With a number where the name was taken.")
    password = serializers.CharField()


class AddedPeopleSerializer(serializers.Serializer):
    new = NewPersonSerializer(many=True, help_text="In the order of the names.")
    joined = serializers.ListField(
        child=serializers.CharField(), help_text="Those with an account on no team, who keep their password."
    )
    already = serializers.ListField(child=serializers.CharField(), help_text="Those who were on the team before.")


class GivenRoleSerializer(serializers.Serializer):
    role = serializers.ChoiceField(Membership.Role.choices)


class PasswordSerializer(serializers.Serializer):
    username = serializers.CharField()
    password = serializers.CharField()
