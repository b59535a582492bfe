"""The two parts of a dataset. Apart from the models, so that what renders and reads frames needs no database."""

from django.db.models import TextChoices


class Split(TextChoices):
    TRAINING = "training"
    EVALUATION = "evaluation"
