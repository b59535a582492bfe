import hashlib

from django.http import FileResponse, Http404
from django.utils.text import slugify

from ftcml import storage
from training.models import TrainingJob


def model_file(job: TrainingJob, variant: str = "") -> FileResponse:
    """The job's .tflite, the default one or the named variant, as a download named after the job's description.

    Raises Http404, with a sentence, where there is none.
    """
    name = _name(job, variant)
    filename = "-".join(filter(None, [slugify(job.description) or "model", variant]))
    return FileResponse(
        storage.open_file(name),
        as_attachment=True,
        filename=f"{filename}.tflite",
        content_type="application/octet-stream",
    )


def model_etag(job: TrainingJob, variant: str = "") -> str:
    """Names the file's content, for whoever has it already: what is stored under a name never changes.

    Raises Http404 as model_file does.
    """
    return f'"{hashlib.sha256(_name(job, variant).encode()).hexdigest()[:32]}"'


def _name(job: TrainingJob, variant: str) -> str:
    if not job.model_name:
        raise Http404("This training has no model to download.")
    if not variant:
        return job.model_name
    names = dict(job.model_files.values_list("variant", "name"))
    if variant not in names:
        there = ", ".join(names) or "one without a name, which comes when no variant is asked for"
        raise Http404(f"This model has no file of that variant. There is: {there}.")
    return names[variant]
