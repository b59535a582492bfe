from django.urls import path

from ftcml.launcher import views

urlpatterns = [path("room/", views.room_page, name="room")]
