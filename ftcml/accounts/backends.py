from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from ftcml.accounts.models import User


class OpenAccounts(ModelBackend):
    """Django's own way to sign in, without the accounts that are closed; their sessions of before end too."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        return isinstance(user, User) and user.may_sign_in
