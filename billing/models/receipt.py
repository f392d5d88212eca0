from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Receipt(models.Model):
    """收据: what the customer takes home; numbered without gaps per hall and day."""

    movement = models.OneToOneField(
        "billing.DrawerMovement", on_delete=models.PROTECT, related_name="receipt"
    )
    channel = models.ForeignKey("channels.Channel", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    number = models.PositiveIntegerField("当日序号")
    amount_fen = models.BigIntegerField("实收")
    received_fen = models.BigIntegerField("唱收")
    change_fen = models.GeneratedField(
        expression=F("received_fen") - F("amount_fen"),
        output_field=models.BigIntegerField("唱付"),
        db_persist=True,
    )
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "day", "number"], name="one_receipt_per_number"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, amount_fen__gt=0, received_fen__gte=F("amount_fen")),
                name="receipt_is_of_money_received",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As it is printed: hall, day, place in the day."""
        return f"{self.channel.code}-{self.day:%Y%m%d}-{self.number:04d}"


class ReceiptPrint(models.Model):
    """收据打印: the first is the receipt, every further one is marked 补打."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="prints")
    number = models.PositiveSmallIntegerField("第几次打印")
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    printed_at = models.DateTimeField()

    class Meta:
        ordering = ["receipt", "number"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "number"], name="one_print_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="prints_are_counted_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} #{self.number}"

    @property
    def again(self) -> int:
        """How many times it was printed before."""
        return self.number - 1
