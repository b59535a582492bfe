from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from ftcml.installation import identity, removals
        from training import leftovers

        identity.before_making(leftovers.found)
        removals.before_each(leftovers.remove_work_folder_of)
