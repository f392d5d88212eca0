from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition


class DebitBatch(ConcurrentTransitionMixin, models.Model):
    """托收/代扣批次: what one bank is asked to draw from its customers, in one numbered file."""

    class State(models.TextChoices):
        DRAWN_UP = "drawn_up", _("已制作")
        SENT = "sent", _("已送银行")
        PARTLY_ANSWERED = "partly_answered", _("部分回盘")
        CLOSED = "closed", _("已关闭")
        WITHDRAWN = "withdrawn", _("已作废")

    OPEN = (State.DRAWN_UP, State.SENT, State.PARTLY_ANSWERED)

    code = models.CharField("批次号", max_length=16, unique=True)
    bank = models.CharField("银行", max_length=4)
    sequence = models.PositiveIntegerField("银行内序号")
    state = FSMField(
        max_length=15, choices=State.choices, default=State.DRAWN_UP, protected=True, db_index=True
    )
    lines_count = models.PositiveIntegerField("笔数")
    total_fen = models.BigIntegerField("金额")
    sha256 = models.CharField("文件校验和", max_length=64, blank=True)
    drawn_up_at = models.DateTimeField()
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "sequence"], name="one_batch_per_sequence"),
            models.CheckConstraint(
                condition=Q(lines_count__gt=0, total_fen__gt=0), name="batch_is_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "withdrawn"], closed_at__isnull=False)
                | ~Q(state__in=["closed", "withdrawn"]) & Q(closed_at__isnull=True),
                name="closed_batch_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @transition(state, source=State.DRAWN_UP, target=State.SENT)
    def send(self, *, at: datetime) -> None:
        self.sent_at = at

    @transition(
        state, source=[State.DRAWN_UP, State.SENT, State.PARTLY_ANSWERED],
        target=State.PARTLY_ANSWERED,
    )  # fmt: skip
    def answer(self) -> None:
        """The bank has answered some of it."""

    @transition(state, source=[State.SENT, State.PARTLY_ANSWERED], target=State.CLOSED)
    def close(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(state, source=State.DRAWN_UP, target=State.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.closed_at = at


class DebitLine(models.Model):
    """托收/代扣明细: one account's debt in a batch, and what the bank answered."""

    class State(models.TextChoices):
        WAITING = "waiting", _("未回盘")
        SETTLED = "settled", _("扣款成功")
        REFUSED = "refused", _("扣款失败")
        UNANSWERED = "unanswered", _("银行未答复")
        WITHDRAWN = "withdrawn", _("已作废")

    batch = models.ForeignKey(DebitBatch, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField("序号")
    mandate = models.ForeignKey(
        "billing.BankMandate", on_delete=models.PROTECT, related_name="debits"
    )
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, related_name="debits")
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField("银行答复码", max_length=2, blank=True)
    reference = models.CharField("银行流水号", max_length=30, blank=True)
    answered_in = models.ForeignKey(
        "billing.BankFile", on_delete=models.PROTECT, null=True, related_name="debits"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    payment = models.OneToOneField(
        "billing.Payment", on_delete=models.PROTECT, null=True, related_name="debit"
    )

    class Meta:
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="one_debit_per_position"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state="waiting"),
                name="an_account_is_drawn_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="debit_is_positive"),
            models.CheckConstraint(
                condition=Q(state="settled", payment__isnull=False)
                | ~Q(state="settled") & Q(payment__isnull=True),
                name="settled_debit_has_its_payment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reference"], name="debits_by_reference", condition=~Q(reference="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} #{self.position}"
