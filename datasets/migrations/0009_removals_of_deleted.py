from typing import Any

from django.db import migrations


def remove_as_all_others(apps: Any, schema_editor: Any) -> None:
    """What was deleted and not yet removed waits where the files of deleted jobs do."""
    deleted = apps.get_model("datasets", "Dataset")._base_manager.filter(deleted__isnull=False)
    names = [f"teams/{team}/datasets/{pk}" for team, pk in deleted.values_list("team_id", "pk")]
    removals = apps.get_model("installation", "Removal")
    removals.objects.bulk_create([removals(name=name) for name in names], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("datasets", "0008_import_worked_at"),
        ("installation", "0002_lease_of_removals"),
    ]

    operations = [migrations.RunPython(remove_as_all_others, migrations.RunPython.noop, elidable=True)]
