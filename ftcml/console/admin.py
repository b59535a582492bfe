"""The console's rows in Django's admin: to read, for the console writes into its log whatever it changes."""

from django.contrib import admin

from ftcml.accounts.admin import ReadOnlyAdmin
from ftcml.console.models import MaintenancePage, OperatorAction, StorageMeasurement, StorageUse


@admin.register(OperatorAction)
class OperatorActionAdmin(ReadOnlyAdmin):
    list_display = ("created", "operator", "kind", "subject", "details")
    list_filter = ("kind",)
    search_fields = ("operator", "subject")
    date_hierarchy = "created"


@admin.register(MaintenancePage)
class MaintenancePageAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "sentence")


@admin.register(StorageUse)
class StorageUseAdmin(ReadOnlyAdmin):
    list_display = ("team", "video_bytes", "dataset_bytes", "job_bytes", "measured")
    list_select_related = ("team",)


@admin.register(StorageMeasurement)
class StorageMeasurementAdmin(ReadOnlyAdmin):
    list_display = ("asked", "finished", "busy_until")
