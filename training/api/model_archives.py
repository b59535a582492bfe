"""A model as zips, by API v1: its robot code, and its metrics for TensorBoard."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from ftcml.accounts.services import scopes
from ftcml.core.requests.api_errors import ErrorSerializer, ErrorsInJson
from training.api.base import JOB_ID, JobsView
from training.api.jobs import VARIANT
from training.delivery import metric_files, model_downloads, robot_code

_ZIP = {(200, "application/zip"): OpenApiTypes.BINARY, 404: ErrorSerializer}
_WAY = OpenApiParameter(
    "way",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    enum=[way.key for way in robot_code.WAYS],
    description="How it runs.",
)


@extend_schema(parameters=[JOB_ID, _WAY, VARIANT])
class RobotCodeArchive(JobsView):
    scopes = scopes.READ
    content_negotiation_class = ErrorsInJson

    @extend_schema(operation_id="training_jobs_robot_code", responses=_ZIP)
    def get(self, request: Request, job_id: str, way: str) -> FileResponse:
        """Return the code for a robot, with the model, its labels and what to do, as a zip file."""
        job = self.job(job_id)
        code = robot_code.of(job, robot_code.way(way), request.query_params.get("variant", ""))
        return FileResponse(robot_code.archive(job, code), as_attachment=True, filename=code.archive_name)


@extend_schema(parameters=[JOB_ID])
class TensorBoardFiles(JobsView):
    scopes = scopes.READ
    content_negotiation_class = ErrorsInJson

    @extend_schema(operation_id="training_jobs_tensorboard", responses=_ZIP)
    def get(self, request: Request, job_id: str) -> FileResponse:
        """Return the metrics as TensorBoard reads them, in a zip file."""
        job = self.job(job_id)
        filename = f"{model_downloads.stem(job)}-tensorboard.zip"
        return FileResponse(metric_files.tensorboard_zip(job), as_attachment=True, filename=filename)
