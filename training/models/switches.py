"""What is there once: on a server the last sweep and the training switch, in a team the robot code used last."""

from django.db import models

from ftcml.accounts.models import Team


class LastSweep(models.Model):
    """One row at most: when the sweep has last looked for lost work. Without a row it never has."""

    ended = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_last_sweep")]

    def __str__(self) -> str:
        return f"sweep of {self.ended:%Y-%m-%d %H:%M:%S}"


class TrainingSwitch(models.Model):
    """One row at most: whether an operator lets trainings start. Without a row they may."""

    is_on = models.BooleanField("trainings may start", default=True)
    reason = models.CharField("why not, for the teams", max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "training switches"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_training_switch")]

    def __str__(self) -> str:
        return "Trainings may start" if self.is_on else "Trainings are switched off"

    @classmethod
    def now(cls) -> "TrainingSwitch":
        return cls.objects.first() or cls(pk=1)


class LastRobotCode(models.Model):
    """One row a team at most: the way to run a model whose robot code the team opened or downloaded last."""

    team = models.OneToOneField(Team, primary_key=True, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=30)

    def __str__(self) -> str:
        return f"{self.way} of {self.team}"
