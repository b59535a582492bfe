from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "ftcml.backups"
    label = "backups"
    verbose_name = "Backups"
