from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ftcml.audit"
    label = "audit"
    verbose_name = "Access log"
