from django.db import models


class Organisation(models.Model):
    """组织机构: headquarters, province, city, county, hall."""

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

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
