from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_join_keys_and_limits'),
    ]

    operations = [
        migrations.AddField(
            model_name='apitoken',
            name='scope_names',
            field=models.CharField(db_default='read label train admin', default='read label train admin', editable=False, max_length=60, verbose_name='scopes'),
        ),
    ]
