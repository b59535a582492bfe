from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0013_follow_the_copies")]

    operations = [
        migrations.RemoveField(model_name="modelfile", name="is_default"),
        migrations.RemoveField(model_name="trainingjob", name="best_map"),
        migrations.RemoveField(model_name="trainingjob", name="best_step"),
        migrations.RemoveField(model_name="trainingjob", name="model_name"),
        migrations.RemoveField(model_name="trainingjob", name="model_step"),
    ]
