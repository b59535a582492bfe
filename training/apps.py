from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from ftcml.installation import identity
        from training import leftovers

        identity.before_making(leftovers.found)
