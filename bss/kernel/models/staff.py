from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Role(models.Model):
    """角色: a named set of permission codes (``bss.kernel.access.PERMISSIONS``)."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    permissions = ArrayField(models.CharField(max_length=60), default=list)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Staff(AbstractUser):
    """工号: a person who works here, with roles and a place in the organisation."""

    display_name = models.CharField("姓名", max_length=40)
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    roles = models.ManyToManyField(Role, related_name="staff", blank=True)

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name or self.username
