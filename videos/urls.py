from django.urls import path

from videos.pages import phone, upload_dialog, uploads, videos

urlpatterns = [
    path("videos/", videos.video_list, name="videos"),
    path("videos/table/", videos.video_table, name="video-table"),
    path("videos/upload/", upload_dialog.upload_dialog, name="video-upload"),
    path("videos/uploads/", uploads.uploads, name="video-uploads"),
    path("videos/uploads/<uuid:upload_id>/", uploads.upload, name="video-upload-file"),
    path("videos/phone/", upload_dialog.phone_code, name="video-phone"),
    path("videos/phone/<int:ticket_id>/", upload_dialog.phone_part, name="video-phone-part"),
    path("videos/phone/<int:ticket_id>/end/", upload_dialog.phone_end, name="video-phone-end"),
    path("videos/phone/<int:ticket_id>/revoke/", upload_dialog.phone_revoke, name="video-phone-revoke"),
    path("phone/", phone.phone_page, name="phone"),
    path("phone/ticket/", phone.ticket, name="phone-ticket"),
    path("phone/uploads/", phone.uploads, name="phone-uploads"),
    path("phone/uploads/<uuid:upload_id>/", phone.upload, name="phone-upload"),
]
