import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('datasets', '0011_no_sentences'),
    ]

    operations = [
        migrations.AddField(
            model_name='dataset',
            name='edited_from',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='datasets.dataset'),
        ),
        migrations.AddField(
            model_name='dataset',
            name='edits',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='dataset',
            name='is_edited',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="dataset",
            name="is_sample",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
