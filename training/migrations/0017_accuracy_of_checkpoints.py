"""Give each checkpoint the counts that its summary holds, so that lists can sort by them."""

from statistics import fmean

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def count(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    checkpoints = apps.get_model("training", "Checkpoint").objects.filter(summary__isnull=False)
    for key in list(checkpoints.values_list("pk", flat=True)):
        checkpoint = checkpoints.only("summary").get(pk=key)
        if not checkpoint.summary.get("confusion"):
            continue
        *by_label, on_nothing = checkpoint.summary["confusion"]
        known = [label["ap50"] for label in checkpoint.summary["labels"] if label["ap50"] is not None]
        checkpoint.objects_there = sum(map(sum, by_label))
        checkpoint.objects_found = sum(row[place] for place, row in enumerate(by_label))
        checkpoint.false_alarms = sum(on_nothing)
        checkpoint.ap50 = fmean(known) if known else None
        checkpoint.save(update_fields=["objects_there", "objects_found", "false_alarms", "ap50"])


class Migration(migrations.Migration):
    dependencies = [("training", "0016_no_sentences")]

    operations = [
        *(
            migrations.AddField("checkpoint", name, field)
            for name, field in {
                "objects_there": models.PositiveIntegerField(
                    "objects on the evaluation frames", null=True, blank=True
                ),
                "objects_found": models.PositiveIntegerField(null=True, blank=True),
                "false_alarms": models.PositiveIntegerField(null=True, blank=True),
                "ap50": models.FloatField("mAP@.50", null=True, blank=True),
            }.items()
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
