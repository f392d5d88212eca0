"""What happened between a customer and the house, merged: orders, payments, cases, states."""

from typing import Any

from django.utils.translation import gettext as _

from billing.models import Payment
from bss.desk.formats import amount, mask_number
from bss.desk.links import address_of
from bss.desk.states import look_of
from complaints.models import CaseStep
from customers.models import SubscriptionState
from orders.models import Order

SHOWN = 16
Event = dict[str, Any]


def history_of(customer_id: int) -> list[Event]:
    """The latest events, the newest first; four queries."""
    events = [
        *_orders(customer_id),
        *_payments(customer_id),
        *_cases(customer_id),
        *_states(customer_id),
    ]
    return sorted(events, key=lambda event: event["when"], reverse=True)[:SHOWN]


def _orders(customer_id: int) -> list[Event]:
    found = Order.objects.filter(customer=customer_id).select_related("accepted_by", "channel")
    return [
        {
            "when": order.completed_at or order.cancelled_at or order.accepted_at,
            "title": f"{_(order.get_type_display())} · {_(look_of('order', order.state).word)}",
            "detail": order.code,
            "meaning": look_of("order", order.state).meaning,
            "icon": "order",
            "url": address_of("orders:order", order.code),
            "who": order.accepted_by or order.channel,
        }
        for order in found.order_by("-id")[:SHOWN]
    ]


def _payments(customer_id: int) -> list[Event]:
    found = Payment.objects.filter(account__owner=customer_id).select_related("account", "taken_by")
    return [
        {
            "when": payment.reversed_at or payment.at,
            "title": (_("冲正 %(amount)s 元") if payment.reversed_at else _("缴费 %(amount)s 元"))
            % {"amount": amount(payment.amount_fen)},
            "detail": f"{_(payment.get_means_display())} · {payment.account.code}",
            "meaning": "" if payment.reversed_at else "good",
            "icon": "again" if payment.reversed_at else "money",
            "url": address_of("billing:account", payment.account.code),
            "who": payment.taken_by,
        }
        for payment in found.order_by("-at", "-id")[:SHOWN]
    ]


def _cases(customer_id: int) -> list[Event]:
    found = CaseStep.objects.filter(case__customer=customer_id).select_related("case", "staff")
    return [
        {
            "when": step.at,
            "title": _("案件%(step)s：%(subject)s")
            % {"step": CaseStep.Action(step.action).label, "subject": step.case.subject},
            "detail": step.case.code,
            "meaning": "good" if step.action in ("call_back", "close") else "waiting",
            "icon": "case",
            "url": address_of("complaints:case", step.case.code),
            "who": step.staff,
        }
        for step in found.exclude(action=CaseStep.Action.NOTE).order_by("-at", "-id")[:SHOWN]
    ]


def _states(customer_id: int) -> list[Event]:
    found = SubscriptionState.objects.filter(subscription__owner=customer_id)
    return [
        {
            "when": row.valid_from,
            "title": _("%(number)s %(state)s")
            % {"number": mask_number(row.subscription.number), "state": _state_word(row)},
            "detail": _(row.subscription.get_service_display()),
            "meaning": look_of("subscription", row.state).meaning,
            "icon": look_of("subscription", row.state).icon,
        }
        for row in found.select_related("subscription").order_by("-valid_from", "-id")[:SHOWN]
    ]


def _state_word(row: SubscriptionState) -> str:
    if row.stop_reason == "blacklist":
        return _("黑名单停机")
    return _(look_of("subscription", row.state).word)
