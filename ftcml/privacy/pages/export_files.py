"""What the pages of exports share: how one is shown, and its file."""

from typing import Any

from django.http import FileResponse
from django.utils.text import slugify

from ftcml.accounts.pages.tabs import refresh_seconds
from ftcml.audit.services import access_log
from ftcml.core.files import storage
from ftcml.core.files.streams import FileLost
from ftcml.privacy import messages
from ftcml.privacy.models import Export


def shown(export: Export | None, address: str) -> dict[str, Any]:
    """Return what privacy/parts/export.html shows of an export. `address`: of the page, which has the part too."""
    is_running = bool(export and export.is_running)
    why = messages.why_failed(export.reason_code) if export else ""
    return {"export": export, "why": why, "address": address, "refresh_seconds": refresh_seconds(is_running)}


def zip_file(export: Export, whose: str) -> FileResponse:
    """Return the file as a download named after whose data it is. Raises FileLost."""
    try:
        file = storage.open_file(export.stored_name)
    except FileNotFoundError:
        raise FileLost(messages.EXPORT_LOST) from None
    access_log.note(access_log.Kind.EXPORT_DOWNLOADED, export.team_id, str(export.season or ""))
    filename = f"{slugify(whose) or 'data'}-export.zip"
    return FileResponse(file, as_attachment=True, filename=filename, content_type="application/zip")
