from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BankFile(models.Model):
    """银行文件: one file that a bank sent, taken in once by its checksum.

    It is ``staged`` when its lines are known and ``done`` when all of them are booked; what was
    interrupted between goes on where it stood when the same file comes again.
    """

    class Kind(models.TextChoices):
        ANSWER = "HP", _("代扣回盘")
        STATEMENT = "DZ", _("银行对帐单")

    class State(models.TextChoices):
        STAGED = "staged", _("处理中")
        DONE = "done", _("已处理")

    kind = models.CharField(max_length=2, choices=Kind)
    bank = models.CharField("银行", max_length=4)
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("校验和", max_length=64, unique=True)
    serial = models.CharField("文件序号", max_length=16)
    batch = models.ForeignKey(
        "billing.DebitBatch", on_delete=models.PROTECT, null=True, related_name="answers"
    )
    state = models.CharField(max_length=6, choices=State, default=State.STAGED)
    lines_count = models.PositiveIntegerField("笔数")
    total_fen = models.BigIntegerField("金额")
    done_count = models.PositiveIntegerField("已处理", default=0)
    faults_count = models.PositiveIntegerField("问题行", default=0)
    received_at = models.DateTimeField("业务时间")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lines_count__gte=F("done_count") + F("faults_count")),
                name="file_has_no_more_than_its_lines",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(lines_count=F("done_count") + F("faults_count")),
                name="no_line_of_a_bank_is_dropped",
            ),
            models.CheckConstraint(
                condition=Q(kind="HP", batch__isnull=False) | Q(kind="DZ", batch__isnull=True),
                name="an_answer_has_its_batch",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BankFileFault(models.Model):
    """问题行: a line of a bank's file that was not taken, with its reason and its text."""

    class Reason(models.TextChoices):
        MALFORMED = "malformed", _("格式错误")
        AMOUNT = "amount", _("金额无效")
        DAY = "day", _("日期无效")
        DUPLICATE = "duplicate", _("流水号重复")
        UNKNOWN_LINE = "unknown_line", _("批次中没有这一笔")
        OTHER_AMOUNT = "other_amount", _("金额与送盘不符")
        ANSWERED = "answered", _("这一笔已有答复")
        UNKNOWN_CODE = "unknown_code", _("答复码未约定")

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="faults")
    line_no = models.PositiveIntegerField("行号")
    reason = models.CharField(max_length=12, choices=Reason)
    line = models.TextField("原始记录")

    class Meta:
        ordering = ["file", "line_no"]
        constraints = [
            models.UniqueConstraint(fields=["file", "line_no"], name="one_fault_per_line")
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.line_no} {self.reason}"
