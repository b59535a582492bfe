from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets"

    def ready(self) -> None:
        from datasets import messages
        from datasets.services import removal, unused_files
        from ftcml.installation import identity, quarantine, removals
        from videos import messages as videos_messages

        identity.before_making(unused_files.found)
        quarantine.judge_together("datasets", unused_files.look)
        removals.before_each(removal.remove_rows_of)
        videos_messages.tell_archives_by(messages.words)
