from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from ftcml.installation import identity, quarantine, removals
        from training.integrity import unused_files

        identity.before_making(unused_files.found)
        quarantine.judge_together("jobs", unused_files.look)
        removals.before_each(unused_files.remove_work_folder_of)
