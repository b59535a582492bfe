from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "ftcml.console"
    label = "console"
    verbose_name = "Operators' console"
