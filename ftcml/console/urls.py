from django.urls import path

from ftcml.console.pages import dialogs, tabs, teams, workers

urlpatterns = [
    path("", tabs.page, {"tab": "workers"}, name="console"),
    path("jobs/<uuid:job_id>/", tabs.job_page, name="console-job"),
    path("jobs/<uuid:job_id>/part/", tabs.job_part, name="console-job-part"),
    path("jobs/<uuid:job_id>/stop/", dialogs.stop, name="console-stop"),
    path("jobs/<uuid:job_id>/retry/", dialogs.retry, name="console-retry"),
    path("teams/create/", teams.create, name="console-team-create"),
    path("teams/<int:team_id>/rename/", teams.rename, name="console-team-rename"),
    path("workers/<int:worker_id>/drain/", workers.drain, name="console-drain"),
    path("workers/<int:worker_id>/undrain/", workers.take_jobs_again, name="console-undrain"),
    path("minutes/grant/all/", dialogs.grant, name="console-grant-all"),
    path("minutes/grant/<int:team_id>/", dialogs.grant, name="console-grant"),
    path("minutes/reset/all/", dialogs.reset, name="console-reset-all"),
    path("minutes/reset/<int:team_id>/", dialogs.reset, name="console-reset"),
    path("switches/training-off/", dialogs.training_off, name="console-training-off"),
    path("switches/training-on/", dialogs.training_on, name="console-training-on"),
    path("switches/maintenance-on/", dialogs.maintenance_on, name="console-maintenance-on"),
    path("switches/maintenance-off/", dialogs.maintenance_off, name="console-maintenance-off"),
    path("storage/empty-trash/", dialogs.empty_trash, name="console-empty-trash"),
    path("storage/measure/", dialogs.measure, name="console-measure"),
    path("<str:tab>/", tabs.page, name="console-tab"),
    path("<str:tab>/part/", tabs.part, name="console-part"),
]
