import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from bss.kernel.watched import Watched
from customers.models.subscription import no_overlap


class CustomerClass(models.Model):
    """客户类别: may be renamed or switched off, never deleted (S84-2)."""

    number = models.PositiveSmallIntegerField("编号", unique=True)
    name = models.CharField("名称", max_length=20, unique=True)
    note = models.CharField("说明", max_length=200, blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["number"]
        triggers = [Watched(), pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="class_number_is_positive")
        ]

    def __str__(self) -> str:
        return self.name


class ClassMembership(models.Model):
    """客户的类别: from when to when; a customer holds several at a time (S84-1).

    Without ``given_by`` the nightly grading gave it by the thresholds.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="memberships"
    )
    customer_class = models.ForeignKey(
        CustomerClass, on_delete=models.PROTECT, related_name="memberships"
    )
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("依据", max_length=200, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-valid_from", "-id"]
        triggers = [Watched(customer="r.customer_id")]
        indexes = [
            models.Index(
                fields=["customer_class", "customer"],
                condition=Q(valid_until__isnull=True),
                name="members_of_a_class",
            )
        ]
        constraints = [no_overlap("a_class_is_held_once", "customer", "customer_class")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.customer_class}"
