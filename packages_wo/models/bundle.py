from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from bss.kernel.watched import Watched


class Bundle(ConcurrentTransitionMixin, models.Model):
    """融合套餐: one company's 沃·商务 bundle from acceptance to its end.

    ``effective_on`` and ``ends_on`` are the 1sts known from the completion of its orders (EFF-1);
    the terms say what was in force when, also after a month start that came late.
    """

    class State(models.TextChoices):
        PENDING = "pending", "待生效"
        IN_FORCE = "in_force", "生效中"
        ENDED = "ended", "已终止"
        CANCELLED = "cancelled", "已撤销"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="bundles"
    )
    code = models.CharField("套餐编号", max_length=40, unique=True)
    offering = models.CharField(max_length=30)
    opened_as = models.CharField("开通方案", max_length=1)
    state = FSMField(
        max_length=9, choices=State.choices, default=State.PENDING, protected=True, db_index=True
    )
    accepted_at = models.DateTimeField()
    effective_on = models.DateField("生效日", null=True, blank=True)
    ends_on = models.DateField("终止日", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [Watched(customer="r.customer_id")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "ended"]) | Q(effective_on__isnull=False),
                name="bundle_in_force_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ends_on__isnull=False),
                name="bundle_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @transition(state, source=State.PENDING, target=State.IN_FORCE)
    def take_effect(self) -> None:
        pass

    @transition(state, source=State.IN_FORCE, target=State.ENDED)
    def end(self, *, on: date) -> None:
        self.ends_on = on

    @transition(state, source=State.PENDING, target=State.CANCELLED)
    def cancel(self) -> None:
        pass


class BundleChange(models.Model):
    """套餐变动: an opening, a change or a cancellation, with the whole composition it leads to.

    ``base`` lists the base members in order; ``packs`` is ``[{"pack": code, "terminal": id|null}]``
    in the order's order; ``opens_vas`` is ``[[subscription id, product]]`` of PAR-3 work orders;
    ``new_plans`` is ``{subscription id: plan}`` (CAN-4).
    """

    class Kind(models.TextChoices):
        OPEN = "open", "开通"
        CHANGE = "change", "变更"
        CANCEL = "cancel", "解除"

    class State(models.TextChoices):
        ACCEPTED = "accepted", "已受理"
        SCHEDULED = "scheduled", "待生效"
        APPLIED = "applied", "已生效"
        SUPERSEDED = "superseded", "已被取代"
        WITHDRAWN = "withdrawn", "已撤单"
        LAPSED = "lapsed", "已失效"

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=6, choices=Kind)
    order_ref = models.CharField("订单号", max_length=40, unique=True)
    accepted_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.ACCEPTED)
    effective_on = models.DateField(null=True, blank=True)
    scheme = models.CharField(max_length=1, blank=True)
    tier = models.PositiveIntegerField(null=True)
    main = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, null=True, related_name="+"
    )
    separate_3g = models.BooleanField("3G 个人付费", default=False)
    base = ArrayField(models.BigIntegerField(), default=list)
    packs = models.JSONField(default=list)
    opens_vas = models.JSONField(default=list)
    new_plans = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["effective_on", "id"], name="changes_due", condition=Q(state="scheduled")
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "applied"]) | Q(effective_on__isnull=False),
                name="scheduled_says_when",
            ),
            models.UniqueConstraint(
                fields=["bundle"], condition=Q(kind="open"), name="one_opening_of_a_bundle"
            ),
            models.UniqueConstraint(
                fields=["bundle"],
                condition=Q(kind__in=["change", "cancel"], state__in=["accepted", "scheduled"]),
                name="one_pending_change_of_a_bundle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle} {self.kind}"


class BundleTerm(models.Model):
    """套餐条款: tier, scheme and packs of a bundle in force, from a 1st to a 1st."""

    bundle = models.ForeignKey(
        Bundle, on_delete=models.CASCADE, related_name="terms", db_index=False
    )
    change = models.ForeignKey(BundleChange, on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=1)
    tier = models.PositiveIntegerField()
    main = models.ForeignKey("customers.Subscription", on_delete=models.PROTECT, related_name="+")
    separate_3g = models.BooleanField(default=False)
    minutes = models.PositiveIntegerField("共享时长")
    vpn_minutes = models.PositiveIntegerField("VPN 分钟，空为不限", null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["bundle", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["bundle"], condition=Q(valid_until__isnull=True), name="one_term_in_force"
            ),
            models.UniqueConstraint(fields=["bundle", "valid_from"], name="one_term_per_first"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="term_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle} {self.scheme}{self.tier}"


class TermPack(models.Model):
    """条款中的加装包: one pack of a term, with its terminal when it adds one."""

    term = models.ForeignKey(BundleTerm, on_delete=models.CASCADE, related_name="packs")
    position = models.PositiveSmallIntegerField()
    pack = models.CharField(max_length=30)
    terminal = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["term", "position"]
        constraints = [
            models.UniqueConstraint(fields=["term", "position"], name="one_pack_per_position")
        ]

    def __str__(self) -> str:
        return self.pack


class Membership(models.Model):
    """成员关系: a subscription's part in a bundle; pending ones lock it from acceptance (ELG-9)."""

    class Part(models.TextChoices):
        BASE = "base", "基础成员"
        SHARED_TERMINAL = "shared_terminal", "共享时长终端"
        VPN_TERMINAL = "vpn_terminal", "VPN 终端"

    class State(models.TextChoices):
        PENDING = "pending", "待生效"
        IN_FORCE = "in_force", "生效中"
        ENDED = "ended", "已退出"
        CANCELLED = "cancelled", "已撤销"

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="memberships")
    subscription = models.ForeignKey(
        "customers.Subscription", on_delete=models.PROTECT, related_name="memberships"
    )
    change = models.ForeignKey(BundleChange, on_delete=models.PROTECT, related_name="joins")
    part = models.CharField(max_length=15, choices=Part)
    state = models.CharField(max_length=9, choices=State, default=State.PENDING)
    position = models.PositiveSmallIntegerField("次序")
    opened_vas = ArrayField(models.CharField(max_length=30), default=list)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["bundle", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(state__in=["pending", "in_force"]),
                name="in_one_bundle_at_most",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(valid_from__isnull=False),
                name="in_force_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(valid_until__isnull=False),
                name="ended_membership_says_when",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="membership_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle} {self.subscription}"


class Pool(models.Model):
    """共享时长: a bundle's shared minutes of one month and what the rated usage drew of them."""

    bundle = models.ForeignKey(
        Bundle, on_delete=models.CASCADE, related_name="pools", db_index=False
    )
    month = models.DateField("月份首日")
    minutes = models.PositiveIntegerField()
    vpn_minutes = models.PositiveIntegerField(null=True)
    used = models.PositiveIntegerField(default=0)
    vpn_used = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["bundle", "month"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "month"], name="one_pool_per_month"),
            models.CheckConstraint(
                condition=Q(used__lte=models.F("minutes")), name="pool_never_overdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle} {self.month:%Y-%m}"
