from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bss.kernel.watched import Watched
from customers.models.subscription import no_overlap


class Listing(models.Model):
    """名单记录: on which list a customer is or was, why, since when and until when.

    ``Customer.listed`` is the present; ``expires_on`` is the last day on the list.
    """

    class Kind(models.TextChoices):
        BLACK = "black", "黑名单"
        RED = "red", "红名单"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="listings"
    )
    kind = models.CharField(max_length=5, choices=Kind)
    reason = models.CharField("原因", max_length=200, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField("移出原因", max_length=200, blank=True)
    listed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-valid_from", "-id"]
        triggers = [Watched(customer="r.customer_id")]
        indexes = [
            models.Index(
                fields=["expires_on"],
                name="listings_with_an_end",
                condition=Q(valid_until__isnull=True, expires_on__isnull=False),
            )
        ]
        constraints = [
            no_overlap("on_one_list_at_a_time", "customer"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="off_the_list_after_on_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}"
