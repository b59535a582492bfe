"""The v1 contract: /api/v1/…"""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from datasets.api import datasets as datasets_api
from datasets.api import fix_labels, label_exports, produce, samples
from ftcml.accounts.api import own_tokens, sign_in, team
from ftcml.integrations.api import notifications, team_webhooks
from training.api import urls as training_api
from videos.api import frames, frames_again, review, statistics, team_labels, tracking, videos
from videos.api import uploads as video_uploads_api

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    *sign_in.urlpatterns,
    *own_tokens.urlpatterns,
    *team.urlpatterns,
    *team_webhooks.urlpatterns,
    *notifications.urlpatterns,
    *videos.urlpatterns,
    *frames.urlpatterns,
    *frames_again.urlpatterns,
    *tracking.urlpatterns,
    *review.urlpatterns,
    *statistics.urlpatterns,
    *team_labels.urlpatterns,
    *produce.urlpatterns,  # before them: "produce" is no dataset's id
    *samples.urlpatterns,
    *video_uploads_api.urlpatterns,
    *datasets_api.urlpatterns,
    *fix_labels.urlpatterns,
    *label_exports.urlpatterns,
    *training_api.urlpatterns,
]
