from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StatementLine(models.Model):
    """银行流水: one movement on the house's own bank account, and what it was taken for.

    A bank's reference is booked once, whichever file brings it. Of the payer's account number only
    a masked form is kept, and its blind index.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待处理")
        BOOKED = "booked", _("已入帐")
        CLEARED = "cleared", _("清算到帐")
        UNIDENTIFIED = "unidentified", _("不明来款")
        OUTGOING = "outgoing", _("支出")

    class Matched(models.TextChoices):
        VIRTUAL = "virtual", _("专用收款帐号")
        REMARK = "remark", _("附言中的帐户编号")
        NAME = "name", _("付款人与欠费金额")
        BATCH = "batch", _("附言中的代扣批次")
        DESK = "desk", _("柜台已收的转帐")

    file = models.ForeignKey("billing.BankFile", on_delete=models.PROTECT, related_name="movements")
    line_no = models.PositiveIntegerField("行号")
    bank = models.CharField("银行", max_length=4)
    reference = models.CharField("银行流水号", max_length=30)
    booked_on = models.DateField("记帐日期")
    amount_fen = models.BigIntegerField()
    payer_name = models.CharField("付款人", max_length=100, blank=True)
    payer_number = models.CharField("付款帐号", max_length=40, blank=True)
    payer_index = models.CharField(max_length=64, blank=True)
    virtual_number = models.CharField("专用收款帐号", max_length=24, blank=True)
    remark = models.CharField("附言", max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    matched_by = models.CharField(max_length=7, choices=Matched, blank=True)
    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    journal = models.OneToOneField(
        "billing.Journal", on_delete=models.PROTECT, null=True, related_name="+"
    )
    batch = models.OneToOneField(
        "billing.DebitBatch", on_delete=models.PROTECT, null=True, related_name="cleared_by"
    )
    desk = models.OneToOneField(
        "billing.DrawerMovement",
        on_delete=models.PROTECT,
        null=True,
        related_name="statement_line",
    )

    class Meta:
        ordering = ["file", "line_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "reference"], name="a_banks_reference_is_booked_once"
            ),
            models.UniqueConstraint(fields=["file", "line_no"], name="one_movement_per_line"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="movement_is_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "outgoing"], journal__isnull=True)
                | Q(state__in=["booked", "cleared", "unidentified"], journal__isnull=False),
                name="money_from_a_bank_has_its_journal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.reference}"
