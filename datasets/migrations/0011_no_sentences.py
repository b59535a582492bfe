"""Apart from what makes the codes: PostgreSQL alters no table whose rows have just been changed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("datasets", "0010_reasons")]

    operations = [migrations.RemoveField("dataset", "error")]
