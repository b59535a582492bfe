from django.urls import path

from training.pages import models_tab, start_training
from training.pages.one_model import details, graphs, images, model_head, more_training, rename, results, robot, try_it

urlpatterns = [
    path("start-training/", start_training.start_dialog, name="start-training"),
    path("start-training/plan/", start_training.training_plan, name="training-plan"),
    path("models/", models_tab.model_list, name="models"),
    path("models/table/", models_tab.model_table, name="model-table"),
    path("models/stop/", models_tab.stop_dialog, name="model-stop"),
    path("models/delete/", models_tab.delete_dialog, name="model-delete"),
    path("models/<uuid:job_id>/", details.job_details, name="job-details"),
    path("models/<uuid:job_id>/graphs/", graphs.job_graphs, name="job-graphs"),
    path("models/<uuid:job_id>/graphs/part/", graphs.graphs_part, name="graphs-part"),
    path("models/<uuid:job_id>/metrics.json", graphs.job_curves, name="job-curves"),
    path("models/<uuid:job_id>/metrics.csv", graphs.metrics_table, name="job-metrics-csv"),
    path("models/<uuid:job_id>/tensorboard.zip", graphs.tensorboard_files, name="job-tensorboard"),
    path("models/<uuid:job_id>/head/<str:page>/", model_head.job_head, name="job-head"),
    path("models/<uuid:job_id>/results/", results.job_results, name="job-results"),
    path("models/<uuid:job_id>/images/", images.job_images, name="job-images"),
    path("models/<uuid:job_id>/checkpoints.json", images.job_checkpoints, name="job-checkpoints"),
    path("models/<uuid:job_id>/detections/<int:step>.json", images.job_detections, name="job-detections"),
    path("models/<uuid:job_id>/part/", details.job_part, name="job-part"),
    path("models/<uuid:job_id>/try-it/", try_it.job_try_it, name="job-try-it"),
    path("models/<uuid:job_id>/log/", details.job_log, name="job-log"),
    path("models/<uuid:job_id>/train-more/", more_training.more_dialog, name="model-train-more"),
    path("models/<uuid:job_id>/train-more/plan/", more_training.more_plan, name="model-train-more-plan"),
    path("models/<uuid:job_id>/rename/", rename.rename_dialog, name="model-rename"),
    path("models/<uuid:job_id>/retry/", models_tab.retry, name="model-retry"),
    path("models/<uuid:job_id>/model.tflite", details.model_download, name="model-download"),
    path("models/<uuid:job_id>/robot-code/", robot.page, name="robot-code"),
    path("models/<uuid:job_id>/robot-code/<str:way>.zip", robot.archive, name="robot-archive"),
    path("models/<uuid:job_id>/robot-code/<str:way>/<str:name>", robot.file, name="robot-file"),
]
