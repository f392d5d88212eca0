from django.db import models


class UsageArchive(models.Model):
    """话单归档: a closed month whose records stand in files instead of ``billing_record``.

    The files are Parquet, each sealed by a data key of its own; these rows say where records are.
    """

    class State(models.TextChoices):
        WRITING = "writing", "归档中"
        ARCHIVED = "archived", "已归档"
        RESTORED = "restored", "已调回"

    month = models.DateField("月份", unique=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.WRITING)
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)
    restored_at = models.DateTimeField("调回时间", null=True, blank=True)
    records = models.PositiveBigIntegerField("话单数", default=0)

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.state}"


class UsageArchiveFile(models.Model):
    """归档文件: the records of the subscriptions from ``first`` to ``last``, whole.

    ``digest`` is of the rows as the table had them; ``sha256`` is of the file. Customers who were
    erased before ``masked_until`` are not in it: of their lines the record's id is left.
    """

    archive = models.ForeignKey(UsageArchive, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveIntegerField("序号")
    name = models.CharField("对象名", max_length=80, unique=True)
    first_subscription = models.BigIntegerField()
    last_subscription = models.BigIntegerField()
    records = models.PositiveBigIntegerField("话单数")
    duration_s = models.BigIntegerField("时长合计")
    amount_hao = models.BigIntegerField("费用合计")
    info_fee_hao = models.BigIntegerField("信息费合计")
    digest = models.BigIntegerField()
    size_bytes = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("校验和", max_length=64)
    data_key = models.ForeignKey(
        "kernel.DataKey", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    masked_until = models.DateTimeField()

    class Meta:
        ordering = ["archive", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["archive", "number"], name="one_archive_file_per_number"
            ),
            models.CheckConstraint(
                condition=models.Q(first_subscription__lte=models.F("last_subscription")),
                name="an_archive_file_goes_upwards",
            ),
        ]

    def __str__(self) -> str:
        return self.name
