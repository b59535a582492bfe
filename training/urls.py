from django.urls import path

from training.views import graphs, images, job, models_tab, more, results, robot, shell, start, try_it

urlpatterns = [
    path("start-training/", start.start_dialog, name="start-training"),
    path("start-training/plan/", start.training_plan, name="training-plan"),
    path("models/", models_tab.model_list, name="models"),
    path("models/table/", models_tab.model_table, name="model-table"),
    path("models/stop/", models_tab.stop_dialog, name="model-stop"),
    path("models/delete/", models_tab.delete_dialog, name="model-delete"),
    path("models/<uuid:job_id>/", job.job_details, name="job-details"),
    path("models/<uuid:job_id>/graphs/", graphs.job_graphs, name="job-graphs"),
    path("models/<uuid:job_id>/graphs/part/", graphs.graphs_part, name="graphs-part"),
    path("models/<uuid:job_id>/metrics.json", graphs.job_curves, name="job-curves"),
    path("models/<uuid:job_id>/metrics.csv", graphs.metrics_table, name="job-metrics-csv"),
    path("models/<uuid:job_id>/tensorboard.zip", graphs.tensorboard_files, name="job-tensorboard"),
    path("models/<uuid:job_id>/head/<str:page>/", shell.job_head, name="job-head"),
    path("models/<uuid:job_id>/results/", results.job_results, name="job-results"),
    path("models/<uuid:job_id>/images/", images.job_images, name="job-images"),
    path("models/<uuid:job_id>/checkpoints.json", images.job_checkpoints, name="job-checkpoints"),
    path("models/<uuid:job_id>/detections/<int:step>.json", images.job_detections, name="job-detections"),
    path("models/<uuid:job_id>/part/", job.job_part, name="job-part"),
    path("models/<uuid:job_id>/try-it/", try_it.job_try_it, name="job-try-it"),
    path("models/<uuid:job_id>/log/", job.job_log, name="job-log"),
    path("models/<uuid:job_id>/train-more/", more.more_dialog, name="model-train-more"),
    path("models/<uuid:job_id>/train-more/plan/", more.more_plan, name="model-train-more-plan"),
    path("models/<uuid:job_id>/retry/", models_tab.retry, name="model-retry"),
    path("models/<uuid:job_id>/model.tflite", job.model_download, name="model-download"),
    path("models/<uuid:job_id>/robot-code/", robot.page, name="robot-code"),
    path("models/<uuid:job_id>/robot-code/<str:way>.zip", robot.archive, name="robot-archive"),
    path("models/<uuid:job_id>/robot-code/<str:way>/<str:name>", robot.file, name="robot-file"),
]
