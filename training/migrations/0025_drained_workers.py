from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0024_maximum_detections")]

    operations = [
        migrations.AddField(
            model_name="trainingworker",
            name="drain",
            field=models.CharField(
                blank=True,
                choices=[
                    ("finish", "Finish its present training"),
                    ("hand-over", "Hand its present training over"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="trainingworker",
            name="version",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
    ]
