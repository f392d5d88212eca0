from datetime import timedelta

from django.db import models


class BusinessClock(models.Model):
    """业务时钟: how far business time runs ahead of real time; one row, none in production."""

    ahead = models.DurationField(default=timedelta(0))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_business_clock"),
            models.CheckConstraint(
                condition=models.Q(ahead__gte=timedelta(0)), name="business_clock_not_behind"
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.ahead}"
