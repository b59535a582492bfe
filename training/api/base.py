"""What every endpoint about training jobs starts from."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from ftcml.accounts.services.access import TeamQuerySet, get_for_team
from training.api.serializers import JobSerializer
from training.models import TrainingJob

JOB_ID = OpenApiParameter("job_id", OpenApiTypes.STR, OpenApiParameter.PATH)


class JobsView(GenericAPIView):
    """The jobs of the team, and nobody else's."""

    serializer_class = JobSerializer
    queryset = TrainingJob.objects.none()  # tells the schema the kind of object

    def get_queryset(self) -> TeamQuerySet[TrainingJob]:
        jobs = TrainingJob.objects.with_results().for_team(self.request.team)
        return jobs.prefetch_related("datasets", "model_files", "children")

    def job(self, job_id: str) -> TrainingJob:
        """Raises Http404 for another team's job."""
        return get_for_team(self.get_queryset(), self.request.team, job_id)

    def answer(self, job: TrainingJob, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(job).data, status=code)
