"""For operators: people, teams and their training time. The ledger is append-only, so it is shown and not edited."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from ftcml.accounts.models import (
    ApiToken,
    JoinKey,
    LedgerEntry,
    Membership,
    PasswordSlip,
    ProviderSession,
    SignInFailure,
    Team,
    TeamLimits,
    TrainingBalance,
    User,
    WaitingMail,
)
from ftcml.core import messages

_WORDS_SEARCHED, _LONGEST_SEARCH = 20, 200


class BoundedChangeList(ChangeList):
    """A list that says “invalid lookup” of a date that no calendar has; Django's own breaks over some of them."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> QuerySet:
        if any("\x00" in value for values in request.GET.lists() for value in values[1]):
            raise IncorrectLookupParameters(messages.NUL_IN_SEARCH)
        try:
            return super().get_queryset(request, exclude_parameters)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (OverflowError, ValueError) as error:  # some dates and texts are first looked at for the query
            raise IncorrectLookupParameters(error) from error


class BoundedAdmin(admin.ModelAdmin):
    """Every list of the admin: its address may ask for anything, and a database can search for so much at a time."""

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return BoundedChangeList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = search_term[:_LONGEST_SEARCH].replace("\x00", "").split()
        return super().get_search_results(request, queryset, " ".join(words[:_WORDS_SEARCHED]))


class ReadOnlyAdmin(BoundedAdmin):
    """Rows that the program alone writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class MembershipRows(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user", "team")


@admin.register(User)
class PersonAdmin(BoundedAdmin, UserAdmin):
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Team", {"fields": ("active_team",)}))
    inlines = (MembershipRows,)


admin.site.unregister((Group, EmailAddress, SocialAccount, SocialApp, SocialToken, Authenticator))


@admin.register(Group)
class PeopleGroupAdmin(BoundedAdmin, GroupAdmin):
    """Django's own, with lists as bounded as the others."""


@admin.register(Team)
class TeamAdmin(BoundedAdmin):
    list_display = ("number", "name", "program")
    list_filter = ("program",)
    search_fields = ("number", "name")
    inlines = (MembershipRows,)


@admin.register(Membership)
class MembershipAdmin(BoundedAdmin):
    list_display = ("user", "team", "role")
    list_filter = ("role",)
    list_select_related = ("user", "team")
    autocomplete_fields = ("user", "team")


@admin.register(SignInFailure)
class SignInFailureAdmin(ReadOnlyAdmin):
    list_display = ("created", "address_key", "name_key")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("membership", "name", "created", "last_used", "expires")
    list_select_related = ("membership__user", "membership__team")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A token that got into wrong hands is taken back by deleting it."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(PasswordSlip)
class PasswordSlipAdmin(ReadOnlyAdmin):
    """Who may still read whose new password. The secret isn't shown."""

    fields = ("maker", "membership", "created")
    list_display = ("membership", "maker", "created")
    list_select_related = ("membership__user", "membership__team", "maker")


@admin.register(SocialAccount)
class ProviderAccountAdmin(ReadOnlyAdmin):
    """Who signs in through the provider. `manage.py link_account` gives an account to another person."""

    fields = ("user", "provider", "uid", "last_login", "date_joined")
    list_display = ("user", "provider", "uid", "last_login")
    list_select_related = ("user",)
    search_fields = ("user__username", "uid")


@admin.register(JoinKey)
class JoinKeyAdmin(ReadOnlyAdmin):
    """Join codes and invitations. The key isn't known any more."""

    list_display = ("team", "is_invitation", "email", "maker", "used", "most", "expires")
    list_select_related = ("team", "maker")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A key that got into wrong hands is revoked by deleting it."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(ProviderSession)
class ProviderSessionAdmin(ReadOnlyAdmin):
    """Without the key of the session, which opens it."""

    list_display = ("user", "created")
    list_select_related = ("user",)
    exclude = ("session_key",)


@admin.register(WaitingMail)
class WaitingMailAdmin(ReadOnlyAdmin):
    list_display = ("kind", "email", "created", "tries", "is_done")


@admin.register(TeamLimits)
class TeamLimitsAdmin(ReadOnlyAdmin):
    list_display = ("team", "storage_bytes", "videos", "counted_bytes")
    list_select_related = ("team",)


@admin.register(TrainingBalance)
class TrainingBalanceAdmin(ReadOnlyAdmin):
    list_display = ("team", "seconds_allowed", "seconds_remaining")
    list_select_related = ("team",)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ("team", "kind", "seconds", "balance_change", "job_id", "reason", "created")
    list_filter = ("kind",)
    list_select_related = ("team",)
    search_fields = ("team__number", "job_id")
