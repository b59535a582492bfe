from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "datasets"

    def ready(self) -> None:
        from datasets import messages
        from datasets.services import lost_files, removal, unused_files
        from ftcml.installation import identity, named_files, quarantine, removals
        from videos import messages as videos_messages

        identity.before_making(unused_files.found)
        named_files.told_by(lost_files.named)
        quarantine.judge_together("datasets", unused_files.look)
        removals.before_each(removal.remove_rows_of)
        videos_messages.tell_archives_by(messages.words)
