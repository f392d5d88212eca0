from django.db import models
from knox.models import AbstractAuthToken

from bss.kernel.watched import Watched


class PersonalToken(AbstractAuthToken):
    """个人令牌: lets a person's own program call the open interface; only its digest is kept."""

    name = models.CharField("用途", max_length=40)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]
        triggers = [
            Watched(key="token_key", hidden=("digest", "token_key"), silent=("last_used_at",))
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_token_per_purpose")
        ]

    def __str__(self) -> str:
        return self.name
