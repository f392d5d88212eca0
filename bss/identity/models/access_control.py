from django.db import models
from django.db.models import Q


class OpeningHours(models.Model):
    """办理时间: on this day of the week an organisation's people may do business (S85-3).

    An organisation with rows is closed on the days without one; without any, its parent's count.
    ``day`` 0 is Monday. Opening and closing at the same time: the whole day.
    """

    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.CASCADE, related_name="opening_hours"
    )
    day = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["organisation", "day"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "day"], name="one_opening_a_day"),
            models.CheckConstraint(condition=Q(day__lte=6), name="a_day_of_the_week"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.day} {self.opens:%H:%M}–{self.closes:%H:%M}"


class AllowedNetwork(models.Model):
    """办理地点: a network (CIDR) from which an organisation's people may work."""

    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.CASCADE, related_name="allowed_networks"
    )
    network = models.CharField(max_length=43)

    class Meta:
        ordering = ["organisation", "network"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "network"], name="a_network_once")
        ]

    def __str__(self) -> str:
        return self.network
