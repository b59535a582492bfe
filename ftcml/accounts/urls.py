from django.contrib.auth.views import LogoutView
from django.urls import path

from ftcml.accounts import member_views, token_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("no-team/", views.no_team, name="no-team"),
    path("choose-team/", views.choose_team, name="choose-team"),
    path("resources/", views.resources, name="resources"),
    path("help/", views.help_page, name="help"),
    path("people/", member_views.people_page, name="people"),
    path("people/add/", member_views.add_dialog, name="member-add"),
    path("people/<int:membership_id>/password/", member_views.password_dialog, name="member-password"),
    path("people/<int:membership_id>/remove/", member_views.remove_dialog, name="member-remove"),
    path("tokens/", token_views.tokens_page, name="tokens"),
    path("tokens/add/", token_views.add_dialog, name="token-add"),
    path("tokens/<int:token_id>/revoke/", token_views.revoke_dialog, name="token-revoke"),
    path("password/", member_views.OwnPassword.as_view(), name="password"),
]
