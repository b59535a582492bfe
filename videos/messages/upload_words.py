"""What people and programs read about an upload that can't go on."""

OTHER_VERSION = "This server uses version 1.0.0 of the tus protocol."
NOT_A_PART = "Send each part of the file as application/offset+octet-stream."
NO_LENGTH = "Send each part with its length in Content-Length."
BAD_CHECKSUM = "Upload-Checksum must name sha1 or sha256, and its Base64."
CHANGED_ON_THE_WAY = "This part of the file changed on its way here. Send it again."
PART_TOO_LARGE = "Send parts of at most 4 MB where they have a checksum."
OTHER_OFFSET = "The file ends elsewhere. Ask how much of it is here, then send the rest."
BUSY = "Another request is sending this file right now. Try again in a moment."
BEING_REMOVED = "We're still removing your last upload of this file. Try again in a moment."
MORE_THAN_ANNOUNCED = "This part goes past the end of the file that you announced. Ask how much of it is here."
DONE = "That file is here already. To remove it, delete its video on the Videos tab."
GONE = "That upload is over. Upload the file again."
DISK_FULL = "The server's disk is full. Ask the operator to make room, then try again."


def bad_metadata(name: str) -> str:
    return f"The value of “{name}” in Upload-Metadata isn't one that we can read."


def bad_header(name: str) -> str:
    return f"The request needs {name}, a whole number."
