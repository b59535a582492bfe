from django.contrib.auth.views import LogoutView
from django.urls import path

from ftcml.accounts import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("no-team/", views.no_team, name="no-team"),
    path("choose-team/", views.choose_team, name="choose-team"),
    path("resources/", views.resources, name="resources"),
    path("help/", views.help_page, name="help"),
]
