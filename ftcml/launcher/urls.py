from django.urls import path

from ftcml.launcher.room import page

urlpatterns = [
    path("room/", page.room_page, name="room"),
    path("room/warning/", page.warning_page, name="browser-warning"),
]
