from django.contrib.auth.models import AbstractUser
from django.db import models


class Staff(AbstractUser):
    """工号: a person who works here, with roles and a place in the organisation."""

    display_name = models.CharField("姓名", max_length=40)
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    roles = models.ManyToManyField("kernel.Role", related_name="staff", blank=True)

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name or self.username
