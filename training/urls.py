from django.urls import path

from training import views

urlpatterns = [
    path("start-training/", views.start_dialog, name="start-training"),
    path("start-training/plan/", views.training_plan, name="training-plan"),
    path("models/", views.model_list, name="models"),
    path("models/table/", views.model_table, name="model-table"),
    path("models/stop/", views.stop_dialog, name="model-stop"),
    path("models/delete/", views.delete_dialog, name="model-delete"),
    path("models/<uuid:job_id>/", views.job_details, name="job-details"),
    path("models/<uuid:job_id>/part/", views.job_part, name="job-part"),
    path("models/<uuid:job_id>/log/", views.job_log, name="job-log"),
    path("models/<uuid:job_id>/retry/", views.retry, name="model-retry"),
    path("models/<uuid:job_id>/model.tflite", views.model_download, name="model-download"),
]
