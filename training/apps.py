from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from ftcml.installation import identity, named_files, quarantine, removals
        from training.integrity import files_of_rows, unused_files

        identity.before_making(unused_files.found)
        named_files.told_by(files_of_rows.named)
        quarantine.judge_together("jobs", unused_files.look)
        removals.before_each(unused_files.remove_work_folder_of)
