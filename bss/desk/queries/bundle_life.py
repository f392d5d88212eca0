"""A bundle's life from acceptance to its end, as one line."""

from typing import Any

from django.utils.translation import gettext as _

from bss.kernel.periods import business_date
from orders.models import Order
from packages_wo.models import Bundle, BundleChange

Step = dict[str, Any]
_SHOWN = (
    BundleChange.State.ACCEPTED,
    BundleChange.State.SCHEDULED,
    BundleChange.State.APPLIED,
)


def life_of(bundle: Bundle, changes: list[BundleChange], orders: list[Order]) -> list[Step]:
    """Accepted, completed, in force, each change, the end; asks nothing. Source: EFF-1…EFF-6."""
    opening = next((c for c in changes if c.kind == BundleChange.Kind.OPEN), None)
    completed = next(
        (o.completed_at for o in orders if opening and o.code == opening.order_ref), None
    )
    started = bundle.state in (Bundle.State.IN_FORCE, Bundle.State.ENDED)
    steps = [
        _step(_("受理"), business_date(bundle.accepted_at), done=True),
        _step(
            _("竣工"),
            business_date(completed) if completed else None,
            done=bool(completed) or started,
        ),
        _step(_("生效"), bundle.effective_on, done=started, detail=_terms(opening)),
    ]
    later = [c for c in changes if c.kind != BundleChange.Kind.OPEN and c.state in _SHOWN]
    for change in later:
        if change.kind == BundleChange.Kind.CHANGE:
            done = change.state == BundleChange.State.APPLIED
            steps.append(_step(_("变更"), change.effective_on, done=done, detail=_terms(change)))
    ending = any(c.kind == BundleChange.Kind.CANCEL for c in later)
    if bundle.state == Bundle.State.CANCELLED:
        steps = [steps[0], _step(_("已撤销"), None, done=True)]
    elif bundle.ends_on or ending:
        ended = bundle.state == Bundle.State.ENDED
        steps.append(_step(_("终止"), bundle.ends_on or later[-1].effective_on, done=ended))
    return _with_present(steps)


def _step(label: str, when: Any, *, done: bool, detail: str = "") -> Step:
    return {
        "label": label,
        "when": when.isoformat() if when else _("待定"),
        "state": "done" if done else "",
        "detail": detail,
    }


def _terms(change: BundleChange | None) -> str:
    if change is None or not change.tier:
        return ""
    return _("%(tier)s 元档 %(scheme)s 方案") % {"tier": change.tier, "scheme": change.scheme}


def _with_present(steps: list[Step]) -> list[Step]:
    """The last step that is done is where the bundle is."""
    done = [step for step in steps if step["state"] == "done"]
    if done:
        done[-1]["state"] = "now"
    return steps
