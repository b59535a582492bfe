from django.urls import path

from training.views import job, models_tab, shell, start, try_it

urlpatterns = [
    path("start-training/", start.start_dialog, name="start-training"),
    path("start-training/plan/", start.training_plan, name="training-plan"),
    path("models/", models_tab.model_list, name="models"),
    path("models/table/", models_tab.model_table, name="model-table"),
    path("models/stop/", models_tab.stop_dialog, name="model-stop"),
    path("models/delete/", models_tab.delete_dialog, name="model-delete"),
    path("models/<uuid:job_id>/", job.job_details, name="job-details"),
    path("models/<uuid:job_id>/head/<str:page>/", shell.job_head, name="job-head"),
    path("models/<uuid:job_id>/part/", job.job_part, name="job-part"),
    path("models/<uuid:job_id>/try-it/", try_it.job_try_it, name="job-try-it"),
    path("models/<uuid:job_id>/log/", job.job_log, name="job-log"),
    path("models/<uuid:job_id>/retry/", models_tab.retry, name="model-retry"),
    path("models/<uuid:job_id>/model.tflite", job.model_download, name="model-download"),
]
