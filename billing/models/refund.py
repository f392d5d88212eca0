from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from bss.kernel.sealing import SealedTextField, sealed_or_empty


class Refund(ConcurrentTransitionMixin, models.Model):
    """退款: cash of an account given back, out of a drawer, by the bank, or the way it came."""

    class Means(models.TextChoices):
        CASH = "cash", "现金"
        TRANSFER = "transfer", "转帐"
        GATEWAY = "gateway", "原路退回"

    class State(models.TextChoices):
        PAYABLE = "payable", "待付款"
        PAID = "paid", "已付款"
        RETURNED = "returned", "已退回"

    key = models.CharField("幂等键", max_length=80, unique=True)
    digest = models.CharField("内容摘要", max_length=64)
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField()
    means = models.CharField(max_length=8, choices=Means)
    reason = models.ForeignKey("billing.Reason", on_delete=models.PROTECT, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)
    payee_name = models.CharField("收款人", max_length=80)
    payee_bank = models.CharField("开户行", max_length=80, blank=True)
    payee_account = SealedTextField("收款帐号", blank=True, key="account.owner.data_key_id")
    state = FSMField(max_length=8, choices=State.choices, protected=True, db_index=True)
    journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, related_name="refund"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approval = models.OneToOneField(
        "kernel.Approval", on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField("付款时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    bank_reference = models.CharField("银行回单号", max_length=60, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_is_positive"),
            models.CheckConstraint(
                condition=Q(means="cash", state="paid") | Q(means__in=["transfer", "gateway"]),
                name="cash_is_paid_at_once",
            ),
            models.CheckConstraint(
                condition=Q(state="payable", settled_at__isnull=True)
                | Q(state__in=["paid", "returned"], settled_at__isnull=False),
                name="a_refund_says_when_it_was_settled",
            ),
            sealed_or_empty("payee_account", name="payee_account_is_sealed"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As its paper is numbered."""
        return f"TK{self.pk:08d}"

    @transition(state, source=State.PAYABLE, target=State.PAID)
    def pay_out(self, *, by_id: int | None, at: datetime) -> None:
        self.settled_at = at
        self.settled_by_id = by_id

    @transition(state, source=State.PAYABLE, target=State.RETURNED)
    def give_back(self, *, by_id: int | None, at: datetime) -> None:
        self.settled_at = at
        self.settled_by_id = by_id
