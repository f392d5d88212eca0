from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from bss.kernel.watched import Watched


class OutsideSystem(models.Model):
    """外部系统: a system in which members of staff have accounts of their own (S59-1)."""

    code = models.CharField("系统编号", max_length=20, unique=True)
    name = models.CharField(max_length=40)
    role_codes = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name="随角色开立"
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        triggers = [Watched()]

    def __str__(self) -> str:
        return self.name


class SubAccount(ConcurrentTransitionMixin, models.Model):
    """从帐号: a main account's account in an outside system; it lives and ends with it (S59-1)."""

    class State(models.TextChoices):
        OPEN = "open", _("在用")
        SUSPENDED = "suspended", _("暂停")
        CLOSED = "closed", _("已关闭")

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sub_accounts"
    )
    system = models.ForeignKey(OutsideSystem, on_delete=models.PROTECT, related_name="sub_accounts")
    account_name = models.CharField("从帐号", max_length=60)
    state = FSMField(max_length=9, choices=State.choices, default=State.OPEN, protected=True)
    valid_from = models.DateTimeField("开立时间")
    valid_until = models.DateTimeField("关闭时间", null=True, blank=True)

    class Meta:
        ordering = ["system__code", "id"]
        triggers = [Watched()]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "system"],
                condition=~Q(state="closed"),
                name="one_sub_account_per_system",
            ),
            models.UniqueConstraint(
                fields=["system", "account_name"],
                condition=~Q(state="closed"),
                name="an_account_name_is_ones_own",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", valid_until__isnull=False)
                | ~Q(state="closed") & Q(valid_until__isnull=True),
                name="a_closed_sub_account_says_when",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="a_sub_account_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.account_name}"

    @transition(state, source=State.OPEN, target=State.SUSPENDED)
    def suspend(self) -> None:
        pass

    @transition(state, source=State.SUSPENDED, target=State.OPEN)
    def resume(self) -> None:
        pass

    @transition(state, source=[State.OPEN, State.SUSPENDED], target=State.CLOSED)
    def close(self, *, at: datetime) -> None:
        self.valid_until = at
