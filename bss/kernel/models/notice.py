from django.conf import settings
from django.db import models
from django.db.models import Q

from bss.kernel.sentences import read


class Notice(models.Model):
    """通知: one sentence for one person, on their home page until they have read it."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    text = models.JSONField("内容")
    url = models.CharField("地址", max_length=300, blank=True)
    at = models.DateTimeField("业务时间")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["staff", "-id"], name="notices_unread", condition=Q(read_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.sentence)

    @property
    def sentence(self) -> str:
        """What it says; a page shows it through ``said``."""
        words: str = read(self.text)
        return words
