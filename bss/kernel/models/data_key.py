from uuid import uuid4

from django.db import models


class DataKey(models.Model):
    """数据密钥: the key of one customer's sealed data, itself wrapped by a key of the ring.

    Destroying it makes unreadable whatever it sealed, wherever a copy of that lies.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    wrapped = models.BinaryField()
    version = models.PositiveSmallIntegerField("主密钥序号")
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(destroyed_at__isnull=False, wrapped=b"")
                | models.Q(destroyed_at__isnull=True) & ~models.Q(wrapped=b""),
                name="data_key_is_there_until_destroyed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["version", "id"],
                condition=models.Q(destroyed_at__isnull=True),
                name="data_keys_to_rotate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} v{self.version}"
