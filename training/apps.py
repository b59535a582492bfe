from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from ftcml.installation import identity, quarantine, removals
        from training import leftovers

        identity.before_making(leftovers.found)
        quarantine.judge_together("jobs", leftovers.look)
        removals.before_each(leftovers.remove_work_folder_of)
