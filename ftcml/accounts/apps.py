from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "ftcml.accounts"
    label = "accounts"
    verbose_name = "Teams and people"
