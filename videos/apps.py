from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "videos"

    def ready(self) -> None:
        from ftcml.installation import identity, named_files, quarantine, removals
        from videos.services.stored import files_of_rows, removal, unused_files

        identity.before_making(unused_files.found)
        named_files.told_by(files_of_rows.named)
        quarantine.judge_together("videos", unused_files.look)
        removals.before_each(removal.remove_rows_of)
