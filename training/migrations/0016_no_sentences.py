"""Apart from what makes the codes: PostgreSQL alters no table whose rows have just been changed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0015_reasons")]

    operations = [migrations.RemoveField("jobevent", "why"), migrations.RemoveField("trainingjob", "state_reason")]
