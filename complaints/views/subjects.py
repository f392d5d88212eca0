"""What a new case is about, read from the address: the customer, and what to fill in."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.models import BillLine
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from complaints.services.intake import About
from customers.models import Customer, Subscription
from orders.models import Order


@dataclass(frozen=True, slots=True)
class Subject:
    """A customer's matter before it is written down."""

    customer: Customer
    about: About = field(default_factory=About)
    bill_line: BillLine | None = None
    order: Order | None = None
    subscription: Subscription | None = None

    @property
    def initial(self) -> dict[str, Any]:
        """What the form is filled with, so that a bill line's case needs no typing."""
        company = self.customer.kind == Customer.Kind.ENTERPRISE
        filled: dict[str, Any] = {"hotline": "10019" if company else "10010"}
        if self.bill_line is not None:
            filled |= _about_line(self.bill_line)
        elif self.order is not None:
            filled |= {
                "category": "order_delay",
                "subject": _("订单 %(code)s 的办理") % {"code": self.order.code},
            }
        return filled


def subject_of(query: Any, *, staff: Any) -> Subject | None:
    """What the address names, when this person reaches it; None when it names nobody."""
    if (key := query.get("bill_line", "")).isdigit():
        return _of_line(int(key), staff=staff)
    if code := query.get("order", ""):
        return _of_order(code, staff=staff)
    if (key := query.get("subscription", "")).isdigit():
        return _of_subscription(Q(pk=int(key)), staff=staff)
    if text := query.get("customer", "").strip():
        found = Customer.objects.filter(in_scope(staff), code=text).first()
        if found:
            return Subject(found)
        return _of_subscription(Q(number=text) & ~Q(state="terminated"), staff=staff)
    return None


def _of_line(key: int, *, staff: Any) -> Subject | None:
    line = (
        BillLine.objects.filter(in_scope(staff, customer="bill__account__owner__"), pk=key)
        .select_related("bill__account__owner", "subscription")
        .first()
    )
    if line is None:
        return None
    return Subject(line.bill.account.owner, About(bill_line_id=line.pk), bill_line=line)


def _of_order(code: str, *, staff: Any) -> Subject | None:
    order = (
        Order.objects.filter(in_scope(staff, customer="customer__"), code=code)
        .select_related("customer")
        .first()
    )
    return Subject(order.customer, About(order_id=order.pk), order=order) if order else None


def _of_subscription(which: Q, *, staff: Any) -> Subject | None:
    found = (
        Subscription.objects.filter(which, in_scope(staff, customer="owner__"))
        .select_related("owner")
        .first()
    )
    if found is None:
        return None
    return Subject(found.owner, About(subscription_id=found.pk), subscription=found)


def _about_line(line: BillLine) -> dict[str, Any]:
    month = f"{line.bill.month:%Y-%m}" if line.bill.month else _("期初")
    facts = {"month": month, "item": _(line.get_item_display()), "amount": yuan(line.amount_fen)}
    return {
        "category": "bill_dispute",
        "subject": _("%(month)s 帐单：%(item)s %(amount)s 元") % facts,
        "description": _("客户对 %(month)s 帐单的%(item)s %(amount)s 元有疑问，要求核查。") % facts,
    }
