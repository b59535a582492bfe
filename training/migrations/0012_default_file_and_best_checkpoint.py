import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("training", "0011_lost_files")]

    operations = [
        migrations.AddField(
            model_name="checkpoint",
            name="mean_precision",
            field=models.FloatField(blank=True, null=True, verbose_name="mAP on the evaluation frames"),
        ),
        migrations.AddField(
            model_name="modelfile",
            name="step",
            field=models.PositiveIntegerField(default=0, verbose_name="step of its checkpoint"),
        ),
        migrations.AddField(
            model_name="trainingjob",
            name="best_checkpoint",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="training.checkpoint",
            ),
        ),
        migrations.AddField(
            model_name="trainingjob",
            name="default_file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="training.modelfile",
            ),
        ),
    ]
