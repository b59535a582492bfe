from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('videos', '0002_uploads'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='reason_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='upload',
            name='reason_params',
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
