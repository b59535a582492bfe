"""The v1 contract: /api/v1/…"""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from datasets import api as datasets_api
from ftcml.accounts import api as accounts_api
from training.api import urls as training_api

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    *accounts_api.urlpatterns,
    *datasets_api.urlpatterns,
    *training_api.urlpatterns,
]
