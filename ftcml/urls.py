from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from ftcml.console.pages.access import operator_required

urlpatterns = [
    # Before the admin's own: passwords are tried on our pages alone, where guessing is slowed down.
    path("admin/login/", operator_required(RedirectView.as_view(pattern_name="admin:index")), name="admin-login"),
    path(
        "admin/password_change/",
        operator_required(RedirectView.as_view(pattern_name="password")),
        name="admin-password",
    ),
    path("admin/", admin.site.urls),
    path("console/", include("ftcml.console.urls")),
    path("api/v1/", include("ftcml.api_urls")),
    path("", include("ftcml.accounts.urls")),
    path("", include("ftcml.privacy.urls")),
    path("", include("ftcml.integrations.urls")),
    path("", include("ftcml.launcher.urls")),
    path("", include("ftcml.monitoring.urls")),
    path("", include("videos.urls")),
    path("", include("datasets.urls")),
    path("", include("training.urls")),
]

handler400 = "ftcml.accounts.pages.failures.bad_request"
handler403 = "ftcml.accounts.pages.failures.forbidden"
handler404 = "ftcml.accounts.pages.failures.not_found"
handler500 = "ftcml.accounts.pages.failures.broken"
