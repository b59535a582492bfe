import hashlib
import logging

from django.conf import settings
from django.core.files import File
from django.http import FileResponse, Http404
from django.utils.text import slugify

from detector.contract import model_variants
from ftcml.audit.services import access_log
from ftcml.audit.services.access_log import Kind, Thing
from ftcml.core.files import storage
from ftcml.core.files.streams import FileLost
from training.messages import model_words as messages
from training.models import TrainingJob

log = logging.getLogger(__name__)


def model_file(job: TrainingJob, variant: str = "") -> FileResponse:
    """A file of the job's model, the default one or the named one, as a download named after the job's description.

    Raises Http404, with a sentence, where there is none.
    """
    file = opened(job, variant)
    access_log.note(Kind.DOWNLOADED, job.team_id, str(job), Thing.MODEL)
    return FileResponse(
        file,
        as_attachment=True,
        filename=filename(job, variant),
        content_type="application/octet-stream",
    )


def opened(job: TrainingJob, variant: str = "") -> "File[bytes]":
    """The stored file, the default one or the named variant. Raises Http404, with a sentence, where there is none."""
    name = stored_name(job, variant)
    try:
        return storage.open_file(name)
    except FileNotFoundError:
        log.exception("the file %s of job %s is gone", name, job.pk)
        raise FileLost(messages.file_lost(settings.SUPPORT_CONTACT)) from None


def model_etag(job: TrainingJob, variant: str = "") -> str:
    """Return a name of the file's content, for clients that have it: what is stored under a name never changes.

    Raises Http404 as model_file does.
    """
    return f'"{hashlib.sha256(stored_name(job, variant).encode()).hexdigest()[:32]}"'


def stem(job: TrainingJob) -> str:
    """What the names of all downloads of the job begin with: its description, as far as file names can hold it."""
    return slugify(job.description) or "model"


def filename(job: TrainingJob, variant: str = "") -> str:
    """The name under which the file is downloaded: letters, digits, hyphens and underscores, all ASCII."""
    return "-".join(filter(None, [stem(job), variant])) + model_variants.model_ending(variant)


def stored_name(job: TrainingJob, variant: str = "") -> str:
    """Where the default file, or that of the variant, lies in the storage. Raises Http404, with a sentence."""
    if not job.has_model:
        raise Http404(messages.NO_MODEL_FILE)
    if not variant:
        return job.model_name
    names = dict(job.model_files.values_list("variant", "name"))
    if variant not in names:
        raise Http404(messages.no_variant(list(names)))
    return names[variant]
