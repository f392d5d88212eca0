from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bss.kernel import sealing


class UsageFile(models.Model):
    """话单文件: one load of usage records; what came in is rated or rejected (RAT-15).

    The records themselves stand in ``billing_record``, partitioned by month, without a model:
    only set-based work touches them.
    """

    class State(models.TextChoices):
        LOADING = "loading", "装载中"
        DONE = "done", "已装载"

    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("校验和", max_length=64, blank=True)
    columns = ArrayField(models.CharField(max_length=20), default=list)
    format = models.CharField("格式", max_length=10, default="csv")
    switch = models.CharField("交换机", max_length=40, blank=True)
    sequence = models.PositiveBigIntegerField("文件序号", null=True, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.DONE)
    data_key = models.ForeignKey(
        "kernel.DataKey", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    loaded_at = models.DateTimeField("业务时间")
    records = models.PositiveBigIntegerField("话单数", default=0)
    rated = models.PositiveBigIntegerField("已批价", default=0)
    late = models.PositiveBigIntegerField("其中迟到", default=0)
    rejected = models.PositiveBigIntegerField("错单数", default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["sha256"], name="usage_files_by_checksum"),
            models.Index(
                fields=["switch", "sequence"],
                condition=~Q(switch=""),
                name="usage_files_by_switch",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(records=F("rated") + F("rejected")), name="no_record_is_dropped"
            )
        ]

    def __str__(self) -> str:
        return self.name


class UsageReject(models.Model):
    """错单: a record that cannot be rated, with its reason and its original line (RAT-15).

    ``line`` is masked; ``sealed`` is the line itself, under its file's data key. ``key`` is the
    64-bit key of a record id that was taken by this reject, for ever.
    """

    class Reason(models.TextChoices):
        MALFORMED = "malformed", "格式错误"
        DUPLICATE = "duplicate", "重复话单"
        UNKNOWN_NUMBER = "unknown_number", "号码不存在"
        NOT_ACTIVE = "not_active", "通话时不在用"
        CLOSED_MONTH = "closed_month", "帐期已关"
        NO_TARIFF = "no_tariff", "无适用资费"

    SEALED = "billing_usagereject.sealed"

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        MENDED = "mended", "已重批"

    file = models.ForeignKey(UsageFile, on_delete=models.PROTECT, related_name="rejects")
    line_no = models.PositiveBigIntegerField("行号")
    line = models.TextField("原始记录")
    sealed = models.TextField(blank=True, db_default="", editable=False)
    key = models.BigIntegerField(null=True, editable=False)
    record_id = models.TextField("话单号", blank=True)
    reason = models.CharField(max_length=14, choices=Reason)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    mended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["file", "line_no"]
        indexes = [
            models.Index(
                fields=["reason", "id"], name="rejects_to_mend", condition=Q(state="open")
            ),
            models.Index(fields=["key"], name="rejects_by_record", condition=Q(key__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["file", "line_no"], name="one_reject_per_line")
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.line_no} {self.reason}"

    @property
    def original(self) -> str:
        """The line as it came. Raises: KeyDestroyedError."""
        return sealing.unseal(self.sealed, bound_to=self.SEALED) if self.sealed else self.line
