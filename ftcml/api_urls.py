"""The v1 contract: /api/v1/…"""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from datasets.api import datasets as datasets_api
from datasets.api import fix_labels, label_exports, produce
from ftcml.accounts.api import sign_in as accounts_api
from training.api import urls as training_api
from videos.api import frames, review, statistics, team_labels, videos
from videos.api import uploads as video_uploads_api

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    *accounts_api.urlpatterns,
    *videos.urlpatterns,
    *frames.urlpatterns,
    *review.urlpatterns,
    *statistics.urlpatterns,
    *team_labels.urlpatterns,
    *produce.urlpatterns,  # before them: "produce" is no dataset's id
    *video_uploads_api.urlpatterns,
    *datasets_api.urlpatterns,
    *fix_labels.urlpatterns,
    *label_exports.urlpatterns,
    *training_api.urlpatterns,
]
