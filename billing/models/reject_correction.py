from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from billing.models.usage import UsageReject
from bss.kernel.sealing import SealedTextField, sealed_or_empty


class RejectCorrection(models.Model):
    """错单更正: a rejected line with some of its fields put right; the original stays (RAT-15).

    The latest one is what is judged again. ``line`` is masked; ``sealed`` is the line itself, under
    its file's data key.
    """

    reject = models.ForeignKey(UsageReject, on_delete=models.CASCADE, related_name="corrections")
    fields = ArrayField(models.CharField(max_length=20), verbose_name="更正的字段")
    line = models.TextField("更正后的记录")
    sealed = SealedTextField("更正后的原文", key="reject.file.data_key_id")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField("业务时间")

    class Meta:
        ordering = ["-id"]
        constraints = [
            sealed_or_empty("sealed", name="corrected_line_is_sealed"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_correction_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.reject} {'+'.join(self.fields)}"
