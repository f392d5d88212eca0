from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from bss.kernel.watched import Watched


class Staff(ConcurrentTransitionMixin, AbstractUser):  # type: ignore[django-manager-missing]
    """工号 (主帐号): a person who works here, with roles and a place in the organisation.

    ``username`` is the number. ``is_active`` is what Django asks; it says the same as ``state``.
    Whoever has left stays on record and never comes back under the same number.
    """

    class State(models.TextChoices):
        ENTERED = "entered", _("待启用")
        ACTIVE = "active", _("在岗")
        DISABLED = "disabled", _("停用")
        LEFT = "left", _("离职")

    display_name = models.CharField("姓名", max_length=40)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="staff"
    )
    roles = models.ManyToManyField("kernel.Role", related_name="staff", blank=True)
    state = FSMField(max_length=8, choices=State.choices, default=State.ACTIVE, protected=True)
    must_change_password = models.BooleanField("须更换密码", default=False)
    password_set_at = models.DateTimeField("密码设置时间", null=True, blank=True)
    idle_warned_at = models.DateTimeField("闲置提醒时间", null=True, blank=True)

    class Meta:
        ordering = ["username"]
        triggers = [Watched(hidden=("password",), masked=("phone",), silent=("last_login",))]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_active=True, state__in=["entered", "active"])
                | Q(is_active=False, state__in=["disabled", "left"]),
                name="active_says_the_same_as_state",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def password_dates_from(self) -> datetime:
        """When the password was set; one that was never set by itself came with the account."""
        return self.password_set_at or self.date_joined

    @transition(state, source=State.ENTERED, target=State.ACTIVE)
    def start(self) -> None:
        """The one-time password has been changed: the account is its person's own."""

    @transition(state, source=[State.ENTERED, State.ACTIVE], target=State.DISABLED)
    def disable(self) -> None:
        self.is_active = False

    @transition(state, source=State.DISABLED, target=State.ENTERED)
    def reinstate(self) -> None:
        self.is_active = True

    @transition(state, source=[State.ENTERED, State.ACTIVE, State.DISABLED], target=State.LEFT)
    def leave(self) -> None:
        self.is_active = False


class StaffRole(Staff.roles.through):  # type: ignore[name-defined,misc]
    """授予的角色: who has which role; here only so that the table is watched."""

    class Meta:
        proxy = True
        triggers = [Watched()]
