"""What has happened to a job."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ftcml.accounts.services import scopes
from ftcml.core.requests.api_errors import ErrorSerializer
from training.api.base import JOB_ID, JobsView
from training.api.serializers import EventSerializer


@extend_schema(parameters=[JOB_ID])
class JobEvents(JobsView):
    scopes = scopes.READ
    pagination_class = None  # all of it is answered at once, and described so

    @extend_schema(
        operation_id="training_jobs_events", responses={200: EventSerializer(many=True), 404: ErrorSerializer}
    )
    def get(self, request: Request, job_id: str) -> Response:
        """Every change of the job's state, the first one first."""
        return Response(EventSerializer(self.job(job_id).events.all(), many=True).data)
