from django.conf import settings
from django.db import models
from django.db.models import F, Q


class InvoiceBook(models.Model):
    """发票簿: a run of numbers without a gap, of one seller.

    ``next_number`` moves with the invoices themselves, by their trigger; nothing else sets it.
    """

    code = models.CharField("发票代码", max_length=12, unique=True)
    name = models.CharField(max_length=60)
    seller_name = models.CharField("销售方", max_length=100)
    seller_tax_number = models.CharField("销售方纳税人识别号", max_length=20)
    next_number = models.BigIntegerField(default=1)
    last_number = models.BigIntegerField(default=99_999_999)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_number__gte=1, next_number__lte=F("last_number") + 1),
                name="book_numbers_within",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Invoice(models.Model):
    """发票: of a bill (or a part of it), of a prepayment, or red: it takes back one of those.

    Never changed and never deleted; what became of it is told by the red ones that refer to it.
    ``last_entry`` of a prepayment's: what was paid up to this entry, other money has paid.
    """

    class Kind(models.TextChoices):
        BILL = "bill", "帐单发票"
        PREPAYMENT = "prepayment", "预存发票"
        RED = "red", "红字发票"

    key = models.CharField("幂等键", max_length=80, unique=True)
    digest = models.CharField(max_length=64, blank=True)
    book = models.ForeignKey(InvoiceBook, on_delete=models.PROTECT, related_name="invoices")
    number = models.BigIntegerField("发票号码")
    kind = models.CharField(max_length=10, choices=Kind)
    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, related_name="invoices"
    )
    bill = models.ForeignKey(
        "billing.Bill", on_delete=models.PROTECT, null=True, related_name="invoices"
    )
    payment = models.ForeignKey(
        "billing.Payment", on_delete=models.PROTECT, null=True, related_name="invoices"
    )
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reds")
    last_entry = models.BigIntegerField("此前最后一笔分录", null=True)
    business_number = models.CharField("业务号码", max_length=20)
    buyer_name = models.CharField("购买方", max_length=100)
    buyer_tax_number = models.CharField("购买方纳税人识别号", max_length=20, blank=True)
    amount_fen = models.BigIntegerField("价税合计")
    tax_fen = models.BigIntegerField("税额")
    reason = models.CharField("红冲原因", max_length=200, blank=True)
    issued_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="one_invoice_per_number"),
            models.CheckConstraint(
                condition=Q(kind="bill", bill__isnull=False, payment__isnull=True)
                | Q(kind="prepayment", bill__isnull=True, payment__isnull=False)
                | Q(kind="red"),
                name="invoice_is_of_something",
            ),
            models.CheckConstraint(
                condition=Q(kind="red", reverses__isnull=False, amount_fen__lt=0)
                | ~Q(kind="red") & Q(reverses__isnull=True, amount_fen__gt=0),
                name="red_is_negative_and_refers",
            ),
        ]
        indexes = [models.Index(fields=["issued_at"], name="invoices_by_time")]

    def __str__(self) -> str:
        return self.full_number

    @property
    def full_number(self) -> str:
        """Code of the book and eight digits, as it is printed."""
        return f"{self.book.code}-{self.number:08d}"

    @property
    def net_fen(self) -> int:
        """The amount without its tax."""
        return self.amount_fen - self.tax_fen


class InvoiceLine(models.Model):
    """发票明细: of one bill line what is taxed at one rate, or the part of it on this invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    bill_line = models.ForeignKey(
        "billing.BillLine", on_delete=models.PROTECT, null=True, related_name="invoice_lines"
    )
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="red")
    number = models.CharField("号码", max_length=20, blank=True)
    item = models.CharField(max_length=14)
    tax_percent = models.PositiveSmallIntegerField(null=True)
    amount_fen = models.BigIntegerField()
    tax_fen = models.BigIntegerField()

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="one_place_per_line"),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="invoice_line_is_not_zero"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, tax_fen__gte=0, tax_fen__lte=F("amount_fen"))
                | Q(amount_fen__lt=0, tax_fen__lte=0, tax_fen__gte=F("amount_fen")),
                name="tax_is_within_the_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.item} {self.amount_fen}"

    @property
    def net_fen(self) -> int:
        """The amount without its tax."""
        return self.amount_fen - self.tax_fen


class InvoiceCover(models.Model):
    """预存已开票: what a prepayment's invoice covers of a bill line; that is not invoiced again.

    A negative row frees it, when that invoice is taken back.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="covers")
    bill_line = models.ForeignKey(
        "billing.BillLine", on_delete=models.PROTECT, related_name="covers"
    )
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(amount_fen=0), name="cover_is_not_zero")]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.amount_fen}"
