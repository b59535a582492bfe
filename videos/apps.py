from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "videos"

    def ready(self) -> None:
        from ftcml.installation import identity, quarantine, removals
        from videos.services.stored import removal, unused_files

        identity.before_making(unused_files.found)
        quarantine.judge_together("videos", unused_files.look)
        removals.before_each(removal.remove_rows_of)
