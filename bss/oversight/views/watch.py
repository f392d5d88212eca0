"""预警规则: what they watch for, their limits by version, and whose numbers are family."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff
from bss.kernel.pages.render import render_refused
from bss.kernel.scope import in_place
from bss.oversight.models import RelativeNumber, WatchSetting
from bss.oversight.queries.watched import limits_in_force
from bss.oversight.rules.prewarning import DEFAULTS, Rule
from bss.oversight.services import watching
from bss.oversight.services.prewarning import RULE_WORDS
from bss.oversight.views.case_forms import LimitsForm, RelativeForm

EXPLAINED = {
    Rule.NIGHT: gettext_lazy("一个人在夜间时段看了几次客户的未脱敏资料。"),
    Rule.MANY: gettext_lazy("一个人在时间窗内看了多少位不同客户的未脱敏资料。"),
    Rule.RELATIVE: gettext_lazy("看了登记在自己亲属名下的号码的资料。"),
    Rule.PROTECTED: gettext_lazy("看了红名单客户的资料，而 30 天内没有受理过该客户的订单或案件。"),
    Rule.SIGN_IN: gettext_lazy("同一工号或同一地址在时间窗内登录失败的次数。"),
    Rule.EXPORT: gettext_lazy("在这个时段里导出清单。"),
}


@requires("security_case.view")
def watch_rules(request: HttpRequest) -> HttpResponse:
    """The rules with their limits in force."""
    limits = limits_in_force()
    return render(
        request,
        "oversight/watch_rules.html",
        {
            "rules": [(rule, _(RULE_WORDS[rule]), EXPLAINED[rule], limits[rule]) for rule in Rule],
            "may_handle": access.can(request.user, "security_case.handle"),
            "crumbs": [(_("安全案件"), reverse("oversight:security_cases")), (_("预警规则"), "")],
        },
    )


@requires("security_case.handle")
def watch_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule: its limits from now on, and all its versions."""
    if rule not in {one.value for one in Rule}:
        raise Http404
    found = Rule(rule)
    limits = limits_in_force()[found]
    initial = {name: getattr(limits, name) for name in LimitsForm.base_fields if name != "reason"}
    form = LimitsForm(request.POST or None, initial=initial)
    has_span = DEFAULTS[found].from_time is not None
    if not has_span:
        del form.fields["from_time"], form.fields["until_time"]
    context: dict[str, Any] = {
        "rule": found,
        "title": _(RULE_WORDS[found]),
        "explained": EXPLAINED[found],
        "form": form,
        "has_span": has_span,
        "versions": WatchSetting.objects.filter(rule=found).select_related("set_by"),
        "crumbs": [(_("预警规则"), reverse("oversight:watch")), (_(RULE_WORDS[found]), "")],
    }
    if request.method != "POST":
        return render(request, "oversight/watch_rule.html", context)
    if not form.is_valid():
        return render_refused(request, "oversight/watch_rule.html", context)
    try:
        given = {"from_time": None, "until_time": None, **form.cleaned_data}
        watching.set_limits(
            rule=found,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
            **given,
        )
    except BadInputError as refused:
        return render_refused(request, "oversight/watch_rule.html", context, refused=refused)
    messages.success(request, _("新的参数从现在起生效。"))
    return redirect("oversight:watch")


@requires("security_case.handle")
def relatives(request: HttpRequest) -> HttpResponse:
    """Whose family has which numbers; register another."""
    people = Staff.objects.filter(in_place(request.user), is_active=True).order_by("username")
    form = RelativeForm(request.POST or None, people=people)
    registered = RelativeNumber.objects.filter(removed_at__isnull=True, staff__in=people)
    context = {
        "form": form,
        "relatives": registered.select_related("staff").order_by("staff__username", "pk"),
        "crumbs": [(_("预警规则"), reverse("oversight:watch")), (_("亲属号码"), "")],
    }
    if request.method != "POST":
        return render(request, "oversight/relatives.html", context)
    if not form.is_valid():
        return render_refused(request, "oversight/relatives.html", context)
    try:
        watching.register_relative(
            staff_id=form.cleaned_data["staff"].pk,
            number=form.cleaned_data["number"],
            relation=form.cleaned_data["relation"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except BadInputError as refused:
        return render_refused(request, "oversight/relatives.html", context, refused=refused)
    messages.success(request, _("已登记。"))
    return redirect("oversight:relatives")


@require_POST
@requires("security_case.handle")
def remove_relative(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a number off the register."""
    people = Staff.objects.filter(in_place(request.user))
    if not RelativeNumber.objects.filter(pk=pk, staff__in=people).exists():
        raise Http404
    watching.remove_relative(
        relative_id=pk,
        at=clock.now(),
        by_id=request.user.pk,  # type: ignore[arg-type]
    )
    messages.success(request, _("已删除登记。"))
    return redirect("oversight:relatives")
