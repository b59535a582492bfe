from django.urls import path

from videos.pages import extract_again, frames, one_video, phone, upload_dialog, uploads, videos
from videos.pages.label import label_page, tools, track_changes, tracking

urlpatterns = [
    path("videos/", videos.video_list, name="videos"),
    path("videos/table/", videos.video_table, name="video-table"),
    path("videos/upload/", upload_dialog.upload_dialog, name="video-upload"),
    path("videos/<uuid:video_id>/extract-again/", extract_again.extract_again, name="video-extract-again"),
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
    path("videos/sample/", videos.add_sample, name="video-sample"),
    path("videos/delete/", videos.delete_dialog, name="video-delete"),
    path("videos/<uuid:video_id>/", one_video.video_page, name="video"),
    path("videos/<uuid:video_id>/part/", one_video.video_part, name="video-part"),
    path("videos/<uuid:video_id>/rename/", one_video.rename_dialog, name="video-rename"),
    path("videos/<uuid:video_id>/near-duplicates/", one_video.near_duplicates, name="video-near-duplicates"),
    path("videos/<uuid:video_id>/player/", one_video.player, name="video-player"),
    path("videos/<uuid:video_id>/times.json", one_video.times, name="video-times"),
    path("videos/labels/", tools.new_label, name="video-new-label"),
    path("videos/keys/", tools.keys, name="video-label-keys"),
    path("videos/<uuid:video_id>/label/", label_page.label_page, name="video-label"),
    path("videos/<uuid:video_id>/label/frames.json", label_page.label_frames, name="video-label-frames"),
    path("videos/<uuid:video_id>/label/changes.json", label_page.label_changes, name="video-label-changes"),
    path("videos/<uuid:video_id>/label/save/", label_page.label_save, name="video-label-save"),
    path("videos/<uuid:video_id>/label/tracks/", track_changes.track_change, name="video-track-change"),
    path("videos/<uuid:video_id>/label/tracking/", tracking.tracking_start, name="video-tracking-start"),
    path("videos/<uuid:video_id>/label/tracking.json", tracking.tracking_state, name="video-tracking"),
    path(
        "videos/<uuid:video_id>/label/tracking/<uuid:run_id>/stop/", tracking.tracking_stop, name="video-tracking-stop"
    ),
    path(
        "videos/<uuid:video_id>/label/tracking/<uuid:run_id>/edits.json",
        tracking.tracking_edits,
        name="video-tracking-edits",
    ),
    path("videos/<uuid:video_id>/frames/<int:frame_number>.jpg", frames.picture, name="video-picture"),
    path("videos/<uuid:video_id>/frames/<int:frame_number>/", frames.frame_dialog, name="video-frame"),
    path("videos/<uuid:video_id>/frames/<int:frame_number>/mark/", frames.mark, name="video-frame-mark"),
]
