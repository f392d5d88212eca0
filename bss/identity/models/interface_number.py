from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from bss.identity.rules.access_hours import AccessHours
from bss.kernel.watched import Watched


class InterfaceNumber(ConcurrentTransitionMixin, models.Model):
    """接口号: a way in for another system; who answers for it, and when and whence (S85-1, S85-3).

    Its secret is the OAuth application's, kept as a hash; the number is the client id.
    """

    class Kind(models.TextChoices):
        BANK = "bank", _("银行")
        AGENT_1 = "agent_1", _("一级代理商")
        AGENT_2 = "agent_2", _("二级代理商")
        HALL = "hall", _("自有营业厅")
        WEBSITE = "website", _("网站")
        CALL_CENTRE = "call_centre", _("呼叫中心")

    class State(models.TextChoices):
        OPEN = "open", _("在用")
        CLOSED = "closed", _("停用")

    number = models.CharField("接口号", max_length=20, unique=True)
    kind = models.CharField(max_length=11, choices=Kind)
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="interfaces"
    )
    name = models.CharField(max_length=60)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interfaces"
    )
    state = FSMField(max_length=6, choices=State.choices, default=State.OPEN, protected=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    days = ArrayField(models.PositiveSmallIntegerField(), default=list)
    opens = models.TimeField()
    closes = models.TimeField()
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.PROTECT, related_name="interface"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        triggers = [Watched(silent=("last_used_at",))]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def hours(self) -> AccessHours:
        return AccessHours(days=frozenset(self.days), opens=self.opens, closes=self.closes)

    @transition(state, source=State.OPEN, target=State.CLOSED)
    def close(self, *, at: datetime) -> None:
        self.closed_at = at

    @transition(state, source=State.CLOSED, target=State.OPEN)
    def reopen(self) -> None:
        self.closed_at = None
