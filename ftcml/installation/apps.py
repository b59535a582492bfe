from django.apps import AppConfig


class InstallationConfig(AppConfig):
    name = "ftcml.installation"
    label = "installation"
    verbose_name = "Installation"
