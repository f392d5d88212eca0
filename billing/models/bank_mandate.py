from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bss.kernel.masking import masked_document
from bss.kernel.sealing import SealedTextField, sealed_or_empty
from bss.kernel.watched import Watched


class BankMandate(models.Model):
    """托收/代扣协议: an account's owner lets the house draw its debts from a bank account.

    Half-open: in force from ``valid_from`` until before ``valid_until``. The bank account's number
    is sealed under the owner's key and found by its blind index.
    """

    code = models.CharField("协议编号", max_length=20, unique=True)
    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="mandates"
    )
    bank = models.CharField("开户银行", max_length=4)
    number = SealedTextField("银行帐号", key="account.owner.data_key_id")
    number_index = models.CharField(max_length=64, db_index=True)
    holder = models.CharField("户名", max_length=80)
    limit_fen = models.BigIntegerField("单笔限额", null=True, blank=True)
    valid_from = models.DateField("生效日")
    valid_until = models.DateField("终止日", null=True, blank=True)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        triggers = [
            Watched(
                customer="SELECT owner_id FROM billing_account WHERE id = r.account_id",
                masked=("holder",),
                silent=("number_index",),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ended_at__isnull=True),
                name="one_mandate_per_account",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="mandate_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(limit_fen__isnull=True) | Q(limit_fen__gt=0),
                name="mandate_limit_is_positive",
            ),
            sealed_or_empty("number", name="bank_number_is_sealed"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def masked_number(self) -> str:
        return masked_document(self.number)
