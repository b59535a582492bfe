"""For operators: the access log, exports, what is being erased, and seasons."""

from django.contrib import admin

from ftcml.accounts.admin import ReadOnlyAdmin
from ftcml.audit.models import AccessEntry
from ftcml.privacy.models import Erasure, Export, Season, SeasonTeam


@admin.register(AccessEntry)
class AccessEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "team", "person", "other", "subject")
    list_select_related = ("team", "person", "other")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ("created", "team", "person", "state", "things_done", "things_total")
    list_select_related = ("team", "person")


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ("created", "kind", "state")


@admin.register(Season)
class SeasonAdmin(ReadOnlyAdmin):
    list_display = ("name", "state", "created", "ended")


@admin.register(SeasonTeam)
class SeasonTeamAdmin(ReadOnlyAdmin):
    list_display = ("season", "team")
    list_select_related = ("season", "team")
