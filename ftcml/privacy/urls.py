from django.urls import path

from ftcml.privacy.pages import own_export, team_exports, team_log

urlpatterns = [
    path("people/log/", team_log.log_page, name="team-log"),
    path("people/export/", team_exports.page, name="team-export"),
    path("people/export/start/", team_exports.start, name="team-export-start"),
    path("people/export/stop/", team_exports.stop, name="team-export-stop"),
    path("people/export/<uuid:export_id>/", team_exports.download, name="team-export-download"),
    path("my-data/", own_export.page, name="own-export"),
    path("my-data/start/", own_export.start, name="own-export-start"),
    path("my-data/stop/", own_export.stop, name="own-export-stop"),
    path("my-data/download/", own_export.download, name="own-export-download"),
]
