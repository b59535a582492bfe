from django.urls import path

from ftcml.launcher.room import page

urlpatterns = [path("room/", page.room_page, name="room")]
