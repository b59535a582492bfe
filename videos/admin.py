"""Videos in Django's admin, to look at: people change them on the pages, where the rules are."""

from django.contrib import admin

from ftcml.accounts.admin import ReadOnlyAdmin
from videos.models import (
    Activity,
    Assignment,
    Box,
    Comment,
    Frame,
    KeyBindings,
    Label,
    PhoneTicket,
    Presence,
    Track,
    TrackedObject,
    Tracking,
    Upload,
    Video,
)


@admin.register(Video)
class VideoAdmin(ReadOnlyAdmin):
    list_display = ("description", "team", "kind", "state", "frames_done", "created")
    list_filter = ("state", "kind")
    search_fields = ("description", "filename", "team__number")
    list_select_related = ("team",)


@admin.register(Label)
class LabelAdmin(ReadOnlyAdmin):
    list_display = ("name", "team")
    list_select_related = ("team",)


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = ("filename", "video", "offset", "size", "touched", "completed")
    list_select_related = ("video",)


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("at", "video", "person", "action")
    list_select_related = ("video", "person")


@admin.register(Frame)
class VideoFrameAdmin(ReadOnlyAdmin):
    list_display = ("video", "number", "finished", "ignored")
    list_select_related = ("video",)
    show_full_result_count = False


@admin.register(Box)
class BoxAdmin(ReadOnlyAdmin):
    list_display = ("label", "frame", "origin", "confirmed")
    list_select_related = ("label", "frame__video")
    show_full_result_count = False


@admin.register(PhoneTicket)
class PhoneTicketAdmin(ReadOnlyAdmin):
    list_display = ("person", "team", "created", "expires")
    list_select_related = ("person", "team")


@admin.register(Track)
class TrackAdmin(ReadOnlyAdmin):
    list_display = ("id", "video")
    list_select_related = ("video",)
    show_full_result_count = False


@admin.register(Presence)
class PresenceAdmin(ReadOnlyAdmin):
    list_display = ("person", "video", "frame_number", "seen")
    list_select_related = ("person", "video")


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ("person", "video", "first", "last")
    list_select_related = ("person", "video")


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ("at", "person", "frame", "resolved_at")
    list_select_related = ("person", "frame__video")


@admin.register(KeyBindings)
class KeyBindingsAdmin(ReadOnlyAdmin):
    list_display = ("person",)
    list_select_related = ("person",)


@admin.register(Tracking)
class TrackingAdmin(ReadOnlyAdmin):
    list_display = ("created", "video", "tracker", "state", "frames_done")
    list_filter = ("state", "tracker")
    list_select_related = ("video",)


@admin.register(TrackedObject)
class TrackedObjectAdmin(ReadOnlyAdmin):
    list_display = ("tracking", "track", "at", "ending")
    list_select_related = ("tracking__video", "track__video")
