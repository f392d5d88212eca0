from django.db import models


class AuditWaiting(models.Model):
    """待封存: an entry that is committed and not yet in the chain; the sealer takes it away."""

    entry_id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.entry_id)


class AuditLink(models.Model):
    """审计链: an entry's place in the chain; ``hash`` covers the one before. Never changed."""

    seq = models.BigIntegerField("序号", primary_key=True)
    entry_id = models.BigIntegerField("审计记录", unique=True)
    previous = models.BinaryField("前一条的摘要")
    hash = models.BinaryField("摘要")
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq}: {self.entry_id}"


class AuditCheck(models.Model):
    """审计校验: one run of the verification, as the audit page shows it."""

    checked_at = models.DateTimeField()
    sealed_until = models.BigIntegerField("校验到序号")
    entries = models.BigIntegerField("记录数")
    faults = models.BigIntegerField("问题数")
    took_ms = models.PositiveIntegerField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.checked_at:%Y-%m-%d %H:%M} {self.faults}"
