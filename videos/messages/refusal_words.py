"""The words for why a video has no frames, or something was refused, by subject."""

from ftcml.core import messages
from videos.reasons import Code

REFUSALS: dict[str, str] = {
    Code.OTHER: "{text}",
    # The file itself.
    Code.NOT_A_VIDEO: "That file isn't a video we can read. Choose an MP4, MOV, AVI, WebM or MKV file.",
    Code.NOT_A_PICTURE: "“{file}” isn't a picture we can read. Choose JPEG, PNG, WebP, BMP or HEIC files.",
    Code.NO_FRAMES: "That video has no pictures in it, only sound or nothing. Film again, then upload that file.",
    Code.DAMAGED: (
        "That video is damaged or incomplete. Check that it plays to its end on your device, then upload it again."
    ),
    Code.CODEC_UNSUPPORTED: (
        "We can't read videos in the format “{codec}”. Save it as MP4 with H.264, then upload that file."
    ),
    Code.TOO_LONG: "That video is longer than {seconds:,} seconds. Trim it on your device, then upload it again.",
    Code.TOO_MANY_PIXELS: (
        "That video is {width} × {height}, which is larger than we take. Film in 4K or less, then upload that file."
    ),
    Code.TOO_MANY_FRAMES: (
        "That gives more than {most:,} frames. Take fewer: every 5th frame, or the frames that differ most."
    ),
    Code.TOO_LARGE: "That file is over {megabytes:,} MB. Trim the video or film at a lower quality, then upload it.",
    Code.PICTURE_TOO_LARGE: "“{file}” is over {megabytes:,} MB. Save it at a smaller size, then upload it.",
    Code.ARCHIVE_TOO_LARGE: "That file is over {megabytes:,} MB. Split it into smaller zip files and upload each one.",
    Code.NOT_A_ZIP: messages.NOT_A_ZIP,
    Code.BROKEN_ON_THE_WAY: "That file changed on its way here. Upload it again.",
    Code.EMPTY: "That file is empty. Choose another file.",
    # Taking the frames out of it.
    Code.STUCK: "Getting the frames took too long at one place of the video. Save it as MP4 again, then upload that.",
    Code.TOO_MUCH_TIME: "Getting the frames took over {minutes} minutes. Trim the video, then upload it again.",
    Code.TOO_MUCH_MEMORY: "Getting the frames took too much memory. Film in 1080p, then upload that file.",
    Code.CRASHED: "Getting the frames failed {times} times. Save the video as MP4 again, then upload that file.",
    Code.FILES_MISSING: (
        "The uploaded file is missing on the server. Upload it again. If that fails too, tell {support}."
    ),
    Code.PICTURE_TOO_MANY_PIXELS: (
        "“{file}” is over {megapixels:g} million pixels, which is larger than we take. Save it smaller, then upload it."
    ),
    Code.DISK_IS_FULL: "The server's disk is full. Ask {support} to free some space, then upload it again.",
    Code.NO_WORK_FOLDER: "The server can't write to its work folder. Ask {support} to fix it, then upload it again.",
    Code.STORAGE_IS_AWAY: (
        "The server's file storage isn't responding. Upload it again in a few minutes. If that fails, tell {support}."
    ),
    Code.SERVER_BROKE: "Something broke on our side. Upload it again, or ask {support}.",
    # What people ask for.
    Code.COACHES_UPLOAD: "On your team, only coaches upload. Ask a coach to upload, or to let everyone.",
    Code.TOO_MANY_VIDEOS: "Your team has {most:,} videos, the most there can be. Delete one, then try again.",
    Code.TOO_MANY_PICTURES: "That's more than {most:,} pictures. Upload them in several parts.",
    Code.ALREADY_UPLOADED: "That file is uploaded already. Look for it on the Videos tab.",
    Code.PHONE_TICKET_OVER: "This code isn't valid anymore. Scan the new one on the computer.",
    Code.BAD_DESCRIPTION: messages.BAD_DESCRIPTION,
    Code.BAD_CHOICE: "Choose which frames to take.",
    Code.UPLOAD_IS_GONE: "We don't have that video anymore. To take other frames, upload it again.",
    Code.NOT_READY: "We're still getting the frames out of that video. Wait until they're there, then try again.",
    Code.NOT_IN_TRASH: "“{video}” isn't in the trash anymore. Reload the page to see what is.",
    Code.IN_USE: "“{video}” is used by {holders}. Delete that first.",
    Code.BAD_LABEL: "Enter a label of 1 to {most} characters.",
    Code.TOO_MANY_LABELS: "Your team has {most:,} labels, the most there can be. Delete one that you don't use.",
    Code.LABEL_TAKEN: "Your team has the label “{label}” already.",
    Code.LABEL_IN_USE: "“{label}” is in use (boxes: {boxes:,}). Give those another label first.",
    Code.KEY_TAKEN: "Two commands can't share the key “{key}”. Choose another one.",
    Code.TOO_MANY_BOXES: "A frame can have {most} boxes. Remove some.",
    Code.BAD_BOX: "Box {number} has no area inside the frame. Draw it again.",
    Code.NOT_CONFIRMED: "Box {number} isn't confirmed yet. Look at it, then finish the frame.",
    Code.NOT_FINISHED: "This frame isn't labeled yet. Finish it, then approve it.",
    Code.BAD_COMMENT: "Enter a comment of 1 to {most} characters.",
    Code.TOO_MANY_COMMENTS: "This frame has {most} comments, the most there can be. Resolve them by talking.",
    Code.BAD_RANGE: "This video doesn't have all of these frames. Enter the first and the last one.",
    Code.NOT_A_MEMBER: "This person isn't on your team anymore. Choose somebody else.",
    Code.TOO_MANY_ASSIGNMENTS: "This video has {most} assignments, the most there can be. Remove some.",
    Code.CHANGED_MEANWHILE: "Someone else changed this frame. Look at their change, then make yours again.",
    # Tracking.
    Code.TOO_MANY_TRACKINGS: "Your team tracks {most} times at once already. Stop one, or wait until one ends.",
    Code.NOTHING_TO_TRACK: "Select the boxes to track, then click Track.",
    Code.BAD_TRACKER: "Choose a tracker from the list.",
    Code.ALREADY_TRACKED: "That object is being tracked already. Stop that first, or correct its box.",
    Code.NO_SUCH_OBJECT: "That object isn't there anymore. Select another one.",
    Code.OBJECTS_OVERLAP: "Both objects have a box in frame {number}. Delete one of the two, then merge.",
    Code.TRACKING_CRASHED: "Tracking stopped because something broke on our side. Click Track to continue.",
}
