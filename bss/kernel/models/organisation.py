from django.db import models
from django.db.models import F, Q

from bss.kernel.watched import Watched


class Organisation(models.Model):
    """组织机构: headquarters, province, city, county, hall. Closed ones stay; none is deleted.

    ``path`` is the ids from the top down to this one, such as ``/1/4/9/``. The database keeps it
    right, also when a branch moves, and refuses a branch under itself: nobody else writes it.
    """

    class Level(models.TextChoices):
        HEADQUARTERS = "headquarters", "总部"
        PROVINCE = "province", "省"
        CITY = "city", "市"
        COUNTY = "county", "县"
        HALL = "hall", "营业厅"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=12, choices=Level)
    area = models.CharField("长途区号", max_length=4, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    active = models.BooleanField("在用", default=True)
    path = models.CharField(max_length=200, blank=True, editable=False, default="")

    class Meta:
        ordering = ["code"]
        triggers = [Watched()]
        indexes = [
            models.Index(
                fields=["path"], name="organisation_path", opclasses=["varchar_pattern_ops"]
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(level="headquarters") | Q(parent__isnull=True),
                name="headquarters_stand_on_top",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="no_organisation_under_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name
