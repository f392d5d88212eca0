"""What the audit says of a main account, in the words of its page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

from bss.kernel.models import AuditEntry
from bss.kernel.pages.said import said

# action → (word, meaning, icon)
EVENTS: Mapping[str, tuple[str, str, str]] = {
    "staff.hired": (_n("入职，开立主帐号"), "waiting", "plus"),
    "staff.started": (_n("首次登录，更换一次性密码"), "good", "done"),
    "staff.password_changed": (_n("更换密码"), "good", "key"),
    "staff.roles_granted": (_n("给予角色"), "good", "plus"),
    "staff.roles_taken": (_n("收回角色"), "warning", "minus"),
    "staff.moved": (_n("调动"), "waiting", "right"),
    "staff.disabled": (_n("停用"), "bad", "stop"),
    "staff.idle_warned": (_n("闲置提醒"), "warning", "clock"),
    "staff.recovery_allowed": (_n("批准恢复帐号"), "waiting", "check"),
    "staff.recovered": (_n("恢复帐号，发放一次性密码"), "good", "key"),
    "staff.left": (_n("离职"), "", "leave"),
    "staff.sub_account_opened": (_n("开立从帐号"), "good", "link"),
    "staff.sub_account_suspended": (_n("暂停从帐号"), "warning", "pause"),
    "staff.sub_account_resumed": (_n("恢复从帐号"), "good", "play"),
    "staff.sub_account_closed": (_n("关闭从帐号"), "", "ended"),
}


def event_of(entry: AuditEntry) -> dict[str, Any]:
    """One line of the history."""
    word, meaning, icon = EVENTS.get(entry.action, (entry.action, "", "info"))
    return {
        "when": entry.at,
        "title": said(word),
        "detail": " · ".join(part for part in (_facts(entry.detail), said(entry.reason)) if part),
        "meaning": meaning,
        "icon": icon,
        "who": entry.staff or _("系统"),
    }


def _facts(detail: Mapping[str, Any]) -> str:
    parts = []
    if "system" in detail:
        parts.append(f"{detail['system']} {detail['account']}")
    if "place" in detail:
        parts.append(str(detail["place"]))
    if "after" in detail:
        parts.append(f"{_said(detail.get('before'))} → {_said(detail['after'])}")
    for what, count in detail.get("handed_over", {}).items():
        parts.append(
            _("%(what)s %(count)s 件移交%(who)s")
            % {"what": said(what), "count": count, "who": detail["successor"]}
        )
    if detail.get("approved_by"):
        parts.append(_("%(who)s 批准") % {"who": detail["approved_by"]})
    return "；".join(parts)


def _said(value: Any) -> str:
    """Roles or a place, before or after; nothing is a dash."""
    if isinstance(value, Mapping):
        return str(value.get("place") or "—")
    return "、".join(said(one) for one in value or ()) or "—"
