from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets"

    def ready(self) -> None:
        from datasets import leftovers
        from ftcml.installation import identity

        identity.before_making(leftovers.found)
