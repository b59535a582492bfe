from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets"

    def ready(self) -> None:
        from datasets import leftovers
        from ftcml.installation import identity, quarantine

        identity.before_making(leftovers.found)
        quarantine.judge_together("datasets", leftovers.look)
