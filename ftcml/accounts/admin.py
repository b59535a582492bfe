"""For operators: people, teams and their training time. The ledger is append-only, so it is shown and not edited."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from ftcml.accounts.models import ApiToken, LedgerEntry, Membership, Team, TrainingBalance, User


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that the program alone writes."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class MembershipRows(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user", "team")


@admin.register(User)
class PersonAdmin(UserAdmin):
    fieldsets = (*UserAdmin.fieldsets, ("Team", {"fields": ("active_team",)}))
    inlines = (MembershipRows,)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("number", "name", "program")
    list_filter = ("program",)
    search_fields = ("number", "name")
    inlines = (MembershipRows,)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ("user", "team", "role")
    list_filter = ("role",)
    list_select_related = ("user", "team")
    autocomplete_fields = ("user", "team")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("membership", "name", "created", "last_used", "expires")
    list_select_related = ("membership__user", "membership__team")

    def has_delete_permission(self, request, obj=None) -> bool:
        """A token that got into wrong hands is taken back by deleting it."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


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
