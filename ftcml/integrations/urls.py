from django.urls import path

from ftcml.integrations.pages import own_mail, team_webhooks

_ONE = "webhooks/<int:webhook_id>"
urlpatterns = [
    path("notifications/", own_mail.mail_page, name="notifications"),
    path("webhooks/", team_webhooks.webhooks_page, name="webhooks"),
    path("webhooks/add/", team_webhooks.add_dialog, name="webhook-add"),
    path(f"{_ONE}/", team_webhooks.deliveries_page, name="webhook"),
    path(f"{_ONE}/change/", team_webhooks.change_dialog, name="webhook-change"),
    path(f"{_ONE}/secret/", team_webhooks.secret_dialog, name="webhook-secret"),
    path(f"{_ONE}/switch/", team_webhooks.switch, name="webhook-switch"),
    path(f"{_ONE}/test/", team_webhooks.send_test, name="webhook-test"),
    path(f"{_ONE}/delete/", team_webhooks.delete_dialog, name="webhook-delete"),
]
