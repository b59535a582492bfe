"""Why a request is refused before a view sees it: a title, and what to do."""

from ftcml.core.requests import client_limits

TOO_LARGE = ("Too large", "You sent too much at once. Reload the page, then send less.")
NO_LENGTH = ("Length missing", "Send this request with its length in Content-Length, and not in chunks.")
NOT_SIGNED_IN = ("Not signed in", "Sign in as a member of a team first, then upload your file again.")
TOO_MANY_UPLOADS = (
    "Too many uploads",
    f"You're already uploading {client_limits.UPLOADS_OF_A_PERSON} files. "
    "Wait until one of them is done, then try again.",
)
MANY_UPLOADS = ("Many uploads", "Many people are uploading files right now. Try again in a few minutes.")
TOO_MANY_DOWNLOADS = (
    "Too many downloads",
    f"You're already downloading {client_limits.DOWNLOADS_OF_A_PERSON} files. "
    "Wait until one of them is done, then try again.",
)
