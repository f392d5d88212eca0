from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bss.kernel.sealing import SealedTextField, sealed_or_empty
from bss.kernel.sentences import read


class BankUpload(models.Model):
    """上传的银行文件: what a person gave, until a worker has taken it in or refused it.

    ``content`` is the file, packed, and sealed under a key of its own; it is emptied and its key
    destroyed with the verdict. ``attempts`` counts those that a worker began.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("已收到")
        TAKEN_IN = "taken_in", _("已处理")
        REFUSED = "refused", _("已拒绝")

    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("校验和", max_length=64)
    size_bytes = models.PositiveIntegerField("大小")
    content = SealedTextField("内容", blank=True, key="data_key_id")
    data_key = models.OneToOneField(
        "kernel.DataKey", on_delete=models.PROTECT, editable=False, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    file = models.ForeignKey(
        "billing.BankFile", on_delete=models.PROTECT, null=True, related_name="uploads"
    )
    refusal = models.JSONField("拒绝原因", null=True)
    attempts = models.PositiveSmallIntegerField("处理次数", default=0)
    received_at = models.DateTimeField("业务时间")
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["id"], name="bank_uploads_to_take_in", condition=Q(state="received")
            )
        ]
        constraints = [
            sealed_or_empty("content", name="bank_upload_is_sealed"),
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(state="received"),
                name="a_bank_file_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(state="received", settled_at__isnull=True)
                | ~Q(state="received") & Q(settled_at__isnull=False, content=""),
                name="a_settled_upload_keeps_no_content",
            ),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__isnull=False)
                | ~Q(state="refused") & Q(refusal__isnull=True),
                name="a_refused_upload_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken_in") | Q(file__isnull=False),
                name="what_is_taken_in_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def why_refused(self) -> Any:
        """In the reader's language through ``said``."""
        return read(self.refusal)
