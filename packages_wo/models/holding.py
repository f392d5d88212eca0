"""What a subscription has by itself: its own plan and its value-added products."""

from django.db import models

from customers.models.subscription import no_overlap


class SubscriptionPlan(models.Model):
    """单产品套餐关系: the subscription's own plan, from when to when.

    It goes on beneath a bundle's plan: who leaves a bundle is back on it (CAN-4 replaces it).
    A plan changes on the 1st only; it begins in the middle of a month with the subscription alone.
    """

    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.CASCADE, related_name="own_plans"
    )
    plan = models.CharField("套餐", max_length=30)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["subscription", "valid_from"]
        constraints = [no_overlap("one_own_plan_at_a_time", "subscription")]

    def __str__(self) -> str:
        return self.plan


class PlanChange(models.Model):
    """套餐变更: a new own plan that is due on a 1st; of several for one 1st the last completed."""

    class State(models.TextChoices):
        DUE = "due", "待生效"
        APPLIED = "applied", "已生效"
        SUPERSEDED = "superseded", "已被取代"

    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.CASCADE, related_name="plan_changes"
    )
    plan = models.CharField(max_length=30)
    order_ref = models.CharField("订单号", max_length=40)
    completed_at = models.DateTimeField()
    effective_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DUE)

    class Meta:
        ordering = ["effective_on", "completed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "effective_on"],
                condition=models.Q(state="due"),
                name="one_plan_change_due_per_first",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscription} {self.plan}"


class SubscriptionVas(models.Model):
    """增值业务关系: a value-added product that the subscription has, from when to when."""

    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.CASCADE, related_name="value_added"
    )
    product = models.CharField(max_length=30)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["subscription", "product", "valid_from"]
        constraints = [no_overlap("one_product_at_a_time", "subscription", "product")]

    def __str__(self) -> str:
        return self.product
