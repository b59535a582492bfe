"""What stood twice becomes keys. Apart from the changes of tables: PostgreSQL alters none that has changed rows."""

from typing import Any

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def follow(apps: Any, schema_editor: Any) -> None:
    jobs = apps.get_model("training", "TrainingJob")._base_manager
    files = apps.get_model("training", "ModelFile")._base_manager
    checkpoints = apps.get_model("training", "Checkpoint")._base_manager
    points = apps.get_model("training", "MetricPoint")._base_manager

    is_measured = {"split": "eval", "tag": "DetectionBoxes_Precision/mAP", "value__gte": 0}
    measured = points.filter(job=OuterRef("job"), step=OuterRef("step"), **is_measured)
    checkpoints.update(mean_precision=Subquery(measured.values("value")[:1]))
    best = checkpoints.filter(job=OuterRef("pk"), step=OuterRef("best_step"))
    jobs.filter(best_step__gt=0).update(best_checkpoint=Subquery(best.values("pk")[:1]))
    of_best = jobs.filter(best_checkpoint=OuterRef("pk"))
    checkpoints.filter(pk__in=jobs.filter(best_map__isnull=False).values("best_checkpoint")).update(
        mean_precision=Subquery(of_best.values("best_map")[:1])
    )

    of_file = jobs.filter(pk=OuterRef("job"))
    files.exclude(variant="newest").update(step=Subquery(of_file.values("model_step")[:1]))
    files.filter(variant="newest").update(step=Subquery(of_file.values("steps_completed")[:1]))
    named = files.filter(job=OuterRef("pk"), name=OuterRef("model_name"))
    jobs.exclude(model_name="").update(default_file=Subquery(named.values("pk")[:1]))
    # Exported before there were rows of files: how large it is, a migration can't know.
    for job in jobs.exclude(model_name="").filter(default_file=None):
        numbers = {"size": 0, "name": job.model_name, "step": job.model_step}
        file, _ = files.get_or_create(job=job, variant="float32", defaults=numbers)
        jobs.filter(pk=job.pk).update(default_file=file)


def write_copies(apps: Any, schema_editor: Any) -> None:
    jobs = apps.get_model("training", "TrainingJob")._base_manager
    for job in jobs.select_related("best_checkpoint", "default_file"):
        best, file = job.best_checkpoint, job.default_file
        jobs.filter(pk=job.pk).update(
            best_step=best.step if best else 0,
            best_map=best.mean_precision if best else None,
            model_name=file.name if file else "",
            model_step=file.step if file else 0,
        )
    files = apps.get_model("training", "ModelFile")._base_manager
    files.filter(job__default_file=F("pk")).update(is_default=True)


class Migration(migrations.Migration):
    dependencies = [("training", "0012_default_file_and_best_checkpoint")]

    operations = [migrations.RunPython(follow, write_copies)]
