"""步骤与模板: on which days and in which words customers are told; data, changed here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import MessageTemplate, ReminderStep
from billing.rules import notices
from billing.services import reminder_steps as steps
from billing.views import credit_rooms
from billing.views.credit_forms import StepForm, WordsForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused

DATED = {ReminderStep.Anchor.DUE, ReminderStep.Anchor.STOP, ReminderStep.Anchor.PRE_TERMINATION}
ORDER = list(ReminderStep.Anchor.values)


@requires("credit.handle")
def reminder_steps(request: HttpRequest) -> HttpResponse:
    """All steps, in the order in which a debtor meets them."""
    rows = sorted(
        ReminderStep.objects.all(),
        key=lambda one: (ORDER.index(one.anchor), one.days, one.percent or 0),
    )
    context = {
        "rows": [(one, when_of(one)) for one in rows],
        "tabs": credit_rooms.tabs(request.user),
    }
    return render(request, "billing/reminder_steps.html", context)


@requires("credit.handle")
def reminder_step(request: HttpRequest, step_id: int) -> HttpResponse:
    """One step: its day and channels; below, its words."""
    step = get_object_or_404(ReminderStep, pk=step_id)
    form = StepForm(
        request.POST or None,
        initial={"days": step.days, "channels": step.channels, "active": step.active},
    )
    if step.anchor not in DATED:
        del form.fields["days"]
    context = _context(step, form)
    if request.method != "POST":
        return render(request, "billing/reminder_step.html", context)
    if not form.is_valid():
        return render_refused(request, "billing/reminder_step.html", context)
    try:
        steps.change_step(
            step_id=step.pk,
            days=form.cleaned_data.get("days", step.days),
            channels=form.cleaned_data["channels"],
            active=form.cleaned_data["active"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, "billing/reminder_step.html", context, refused=refused)
    messages.success(request, _("已更改步骤“%(name)s”。") % {"name": _(step.name)})
    return redirect("billing:reminder_steps")


@requires("credit.handle")
def message_words(request: HttpRequest, template_id: int) -> HttpResponse:
    """The words of a step in one medium and language."""
    template = get_object_or_404(MessageTemplate, pk=template_id)
    step = get_object_or_404(ReminderStep, code=template.code)
    form = WordsForm(
        request.POST or None, initial={"subject": template.subject, "body": template.body}
    )
    title = words_title(template)
    context = {
        "template": template,
        "step": step,
        "title": title,
        "form": form,
        "places": [f"{{{name}}}" for name in notices.PLACES],
        "crumbs": credit_rooms.crumbs(
            (_("步骤与模板"), reverse("billing:reminder_steps")),
            (_(step.name), reverse("billing:reminder_step", args=[step.pk])),
            (title, ""),
        ),
    }
    if request.method != "POST":
        return render(request, "billing/message_words.html", context)
    if not form.is_valid():
        return render_refused(request, "billing/message_words.html", context)
    try:
        steps.change_words(
            template_id=template.pk,
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, "billing/message_words.html", context, refused=refused)
    messages.success(request, _("已更改模板，之后发送的通知使用新的内容。"))
    return redirect("billing:reminder_step", step_id=step.pk)


def when_of(step: ReminderStep) -> str:
    """On which day it is told, in words."""
    anchor = _(step.get_anchor_display())
    if step.anchor == ReminderStep.Anchor.EXPOSURE:
        return _("占用达到额度的 %(percent)s%%") % {"percent": step.percent}
    if step.anchor not in DATED or step.days == 0:
        return anchor
    if step.days < 0:
        return _("%(anchor)s前 %(days)s 天") % {"anchor": anchor, "days": -step.days}
    return _("%(anchor)s后 %(days)s 天") % {"anchor": anchor, "days": step.days}


def words_title(template: MessageTemplate) -> str:
    return f"{_(template.get_medium_display())} · {_(template.get_language_display())}"


def _context(step: ReminderStep, form: StepForm) -> dict[str, Any]:
    words = MessageTemplate.objects.filter(code=step.code)
    return {
        "step": step,
        "name": _(step.name),
        "when": when_of(step),
        "form": form,
        "texts": [(one, words_title(one)) for one in words],
        "crumbs": credit_rooms.crumbs(
            (_("步骤与模板"), reverse("billing:reminder_steps")), (_(step.name), "")
        ),
    }
