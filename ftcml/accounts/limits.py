"""The row of what a team may store. models.py has the rest; services/quota.py counts."""

from django.db import models


class TeamLimits(models.Model):
    """What an operator lets a team store, and what is counted of it. Written by ftcml/accounts/services/quota.py alone.

    `counted_bytes`: what was measured last, and what was taken in since.
    """

    team = models.OneToOneField("accounts.Team", on_delete=models.CASCADE, related_name="limits")
    # None: as many as the server's settings say.
    storage_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    videos = models.PositiveIntegerField(null=True, blank=True)
    counted_bytes = models.BigIntegerField(default=0)
    # When the team was refused something, so that its files are measured soon.
    measure_asked = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "storage limit"

    def __str__(self) -> str:
        return f"limits of {self.team}"
