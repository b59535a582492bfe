from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets"

    def ready(self) -> None:
        from datasets.services import removal, unused_files
        from ftcml.installation import identity, quarantine, removals

        identity.before_making(unused_files.found)
        quarantine.judge_together("datasets", unused_files.look)
        removals.before_each(removal.remove_rows_of)
