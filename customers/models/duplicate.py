from django.conf import settings
from django.db import models
from django.db.models import F, Q


class DuplicatePair(models.Model):
    """疑似重复: two customers that may be one, and what a person said of them.

    ``first`` is the older of the two. Who said that they differ is not asked again.
    """

    class State(models.TextChoices):
        OPEN = "open", "待核对"
        DIFFERENT = "different", "不是同一客户"
        MERGED = "merged", "已合并"

    first = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    same_document = models.BooleanField("证件相同", default=False)
    same_phone = models.BooleanField("联系电话相同", default=False)
    likeness_percent = models.PositiveSmallIntegerField("名称相似度")
    score = models.PositiveSmallIntegerField("重复度")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["-score", "id"]
        indexes = [
            models.Index(
                fields=["-score", "id"], condition=Q(state="open"), name="pairs_to_look_at"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_is_found_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="the_older_of_a_pair_is_first"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False),
                name="a_decided_pair_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"
