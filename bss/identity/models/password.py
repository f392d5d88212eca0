from django.conf import settings
from django.db import models


class PastPassword(models.Model):
    """曾用密码: one that a person has had, as its hash; the latest few are not taken again."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="past_passwords"
    )
    encoded = models.CharField("密码散列", max_length=128)
    set_at = models.DateTimeField("设置时间")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.staff} {self.set_at:%Y-%m-%d}"
