"""The addresses of the training part of API v1."""

from django.urls import path

from training.api import evaluation, history, jobs, model_archives, model_runs, trash

urlpatterns = [
    *model_runs.urlpatterns,
    *trash.urlpatterns,
    path("starting-models/", jobs.StartingModels.as_view(), name="api-starting-models"),
    path("training-plan/", jobs.TrainingPlans.as_view(), name="api-training-plan"),
    path("training-jobs/", jobs.JobList.as_view(), name="api-jobs"),
    path("training-jobs/<str:job_id>/", jobs.JobDetail.as_view(), name="api-job"),
    path("training-jobs/<str:job_id>/stop/", jobs.JobStop.as_view(), name="api-job-stop"),
    path("training-jobs/<str:job_id>/retry/", jobs.JobRetry.as_view(), name="api-job-retry"),
    path("training-jobs/<str:job_id>/metrics/", jobs.JobMetrics.as_view(), name="api-job-metrics"),
    path(
        "training-jobs/<str:job_id>/evaluation-frames/",
        evaluation.EvaluationFrames.as_view(),
        name="api-job-evaluation-frames",
    ),
    path("training-jobs/<str:job_id>/summary/", evaluation.JobSummary.as_view(), name="api-job-summary"),
    path("training-jobs/<str:job_id>/events/", history.JobEvents.as_view(), name="api-job-events"),
    path("training-jobs/<str:job_id>/log/", jobs.JobLog.as_view(), name="api-job-log"),
    path(
        "training-jobs/<str:job_id>/robot-code/<str:way>.zip",
        model_archives.RobotCodeArchive.as_view(),
        name="api-job-robot-code",
    ),
    path(
        "training-jobs/<str:job_id>/tensorboard.zip",
        model_archives.TensorBoardFiles.as_view(),
        name="api-job-tensorboard",
    ),
    path("training-jobs/<str:job_id>/model.tflite", jobs.JobModel.as_view(), name="api-job-model"),
]
