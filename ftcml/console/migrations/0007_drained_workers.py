from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("console", "0006_privacy_actions")]

    operations = [
        migrations.AlterField(
            model_name="operatoraction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("stop", "Stopped a training"),
                    ("retry", "Tried a training again"),
                    ("grant", "Granted minutes"),
                    ("reset", "Reset minutes"),
                    ("training-off", "Switched training off"),
                    ("training-on", "Switched training on"),
                    ("maintenance-on", "Put the maintenance page up"),
                    ("maintenance-off", "Took the maintenance page down"),
                    ("measure", "Measured storage"),
                    ("empty-trash", "Emptied the trash"),
                    ("drain", "Drained a worker"),
                    ("undrain", "Had a worker take trainings again"),
                    ("team-create", "Created a team"),
                    ("team-rename", "Renamed a team"),
                    ("team-invite", "Invited a coach"),
                    ("team-limits", "Set a team's limits"),
                    ("banner-on", "Showed a banner"),
                    ("banner-off", "Hid the banner"),
                    ("export-person", "Asked for a person's data"),
                    ("erase-team", "Erased a team"),
                    ("erase-person", "Erased a person"),
                    ("season", "Archived a season"),
                ],
                max_length=20,
                verbose_name="what",
            ),
        ),
    ]
