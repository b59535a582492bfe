from django.db import migrations, models


class Migration(migrations.Migration):
    """Jobs from before this was a choice have files that give 10 detections."""

    dependencies = [
        ("training", "0023_label_starts"),
    ]

    operations = [
        migrations.AddField(
            model_name="trainingjob",
            name="max_detections",
            field=models.PositiveSmallIntegerField(default=10, verbose_name="maximum detections"),
        ),
        migrations.AlterField(
            model_name="trainingjob",
            name="max_detections",
            field=models.PositiveSmallIntegerField(default=25, verbose_name="maximum detections"),
        ),
        migrations.AddField(
            model_name="modelfile",
            name="nms_iou",
            field=models.FloatField(default=0.6, verbose_name="overlap of boxes that count as one"),
        ),
    ]
