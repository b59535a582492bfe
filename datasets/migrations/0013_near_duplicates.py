"""Inspections call near-duplicates by that name."""

from functools import partial
from typing import Any

from django.db import migrations

_AT_ONCE = 200


def _rename(old: str, new: str, apps: Any, schema_editor: Any) -> None:
    datasets = apps.get_model("datasets", "Dataset")._base_manager
    with_old = datasets.filter(inspection__has_key=old).order_by("pk").only("inspection")
    while some := list(with_old[:_AT_ONCE]):
        for dataset in some:
            dataset.inspection[new] = dataset.inspection.pop(old)
        datasets.bulk_update(some, ["inspection"])


class Migration(migrations.Migration):
    dependencies = [("datasets", "0012_edits")]

    operations = [
        migrations.RunPython(
            partial(_rename, "lookalikes", "near_duplicates"), partial(_rename, "near_duplicates", "lookalikes")
        )
    ]
