from django.http import FileResponse, Http404
from django.utils.text import slugify

from ftcml import storage
from training.models import TrainingJob


def model_file(job: TrainingJob) -> FileResponse:
    """The job's .tflite as a download named after its description. Raises Http404 while there is none."""
    if not job.model_name:
        raise Http404("This training has no model to download.")
    filename = f"{slugify(job.description) or 'model'}.tflite"
    return FileResponse(
        storage.open_file(job.model_name),
        as_attachment=True,
        filename=filename,
        content_type="application/octet-stream",
    )
