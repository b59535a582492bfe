"""Upgrades a server, then looks at its pages and files, in a process with its settings.

`python -m tests.databases.upgrade.look` prints what it has seen as JSON.
"""

import hashlib
import json
from pathlib import Path

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from ftcml.backups import making
    from ftcml.backups.progress import Progress
    from ftcml.core.files import storage
    from training.integrity.storage_audit import Audit
    from training.models import TrainingJob

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    job = TrainingJob.objects.get()
    answers = look(job)
    model = b"".join(answers["model"].streaming_content)
    stored = [path for path in (settings.DATA_DIR / "files").rglob("*") if path.is_file()]
    lost = [line for line in Audit.now().lines() if " has lost " in line]
    backup = making.back_up(Path(settings.DATA_DIR) / "backups", Progress(lambda line: None)).manifest
    with storage.open_file(job.model_name) as file:
        is_same = hashlib.sha256(model).digest() == hashlib.sha256(file.read()).digest()
    seen = {
        "model": {"state": job.state, "steps": job.steps_completed, "bytes": len(model)},
        "is_the_file_of_then": is_same,
        "pages": {name: answer.status_code for name, answer in answers.items() if name != "model"},
        "lost": lost,
        "files": len(stored),
        "backup": {"files": backup.files, "lost": backup.lost},
    }
    print(json.dumps(seen))


def look(job):
    """What a coach of that team is answered."""
    from django.test import Client

    from ftcml.accounts.models import User

    browser = Client()
    browser.force_login(User.objects.get(username="carla"))
    dataset = job.datasets.get()
    frame = dataset.frames.first()
    addresses = {
        "models": "/models/",
        "details": f"/models/{job.pk}/",
        "images": f"/models/{job.pk}/images/",
        "dataset": f"/datasets/{dataset.pk}/",
        "picture": f"/datasets/{dataset.pk}/frames/{frame.pk}.jpg",
        "model": f"/models/{job.pk}/model.tflite",
    }
    return {name: browser.get(address) for name, address in addresses.items()}


if __name__ == "__main__":
    main()
