"""Taking a matter: who takes it first owns it, and it is promised by a moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from billing.models import BillLine
from bss.kernel.errors import BadInputError
from bss.kernel.periods import business_date
from bss.kernel.rulebook import refuse_if_any
from complaints.models import Case, CaseStep
from complaints.rules.categories import BY_CODE
from complaints.rules.deadlines import promise_for
from complaints.rules.hotlines import hotline_for, refusals_of_hotline
from customers.models import Customer, Subscription
from orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a case is about besides its customer; each is optional and must be the customer's."""

    subscription_id: int | None = None
    bill_line_id: int | None = None
    order_id: int | None = None


NOTHING_IN_PARTICULAR = About()


@transaction.atomic
def open_case(
    *,
    customer_id: int,
    category: str,
    subject: str,
    description: str,
    at: datetime,
    by_id: int,
    contact_phone: str = "",
    hotline: str = "",
    about: About = NOTHING_IN_PARTICULAR,
    form_key: str = "",
) -> Case:
    """Take a customer's matter; the one who takes it owns it until it is closed.

    The same ``form_key`` again gives the case it made and makes none. Without a ``hotline`` it is
    the company's for a company and the personal one for a person.
    Source: CARE-1, CARE-3.
    Raises: RefusedError for the wrong hotline; BadInputError for an unknown category or for a bill
    line, order or number that is not this customer's.
    """
    if form_key and (known := Case.objects.filter(form_key=form_key).first()):
        return known
    customer = Customer.objects.get(pk=customer_id)
    company = customer.kind == Customer.Kind.ENTERPRISE
    if category not in BY_CODE:
        raise BadInputError(("category", "请选择案件类别"))
    line = hotline or hotline_for(company=company, personal_matter=False)
    refuse_if_any(refusals_of_hotline(hotline=line, company=company))
    _check_about(about, customer_id=customer_id)

    promise = promise_for(BY_CODE[category], accepted_at=at)
    number = _next_number()
    case = Case.objects.create(
        id=number,
        code=f"AJ{business_date(at):%Y%m%d}{number:06d}",
        customer_id=customer_id,
        kind=BY_CODE[category].kind,
        category=category,
        hotline=line,
        subject=subject,
        description=description,
        contact_phone=contact_phone,
        owner_id=by_id,
        subscription_id=about.subscription_id,
        bill_line_id=about.bill_line_id,
        order_id=about.order_id,
        accepted_at=at,
        warns_at=promise.warns_at,
        due_at=promise.due_at,
        form_key=form_key,
    )
    CaseStep.objects.create(
        case=case, at=at, staff_id=by_id, action=CaseStep.Action.ACCEPT, text=description
    )
    return case


def _check_about(about: About, *, customer_id: int) -> None:
    """Raises: BadInputError with every link that is not the customer's."""
    faults = []
    if about.subscription_id and not (
        Subscription.objects.filter(pk=about.subscription_id, owner_id=customer_id).exists()
    ):
        faults.append(("subscription", "这个号码不是该客户的，请核对后重选"))
    if about.bill_line_id and not (
        BillLine.objects.filter(pk=about.bill_line_id, bill__account__owner_id=customer_id).exists()
    ):
        faults.append(("bill_line", "这笔费用不在该客户的帐单上，请核对后重选"))
    if about.order_id and not (
        Order.objects.filter(pk=about.order_id, customer_id=customer_id).exists()
    ):
        faults.append(("order", "这个订单不是该客户的，请核对后重选"))
    if faults:
        raise BadInputError(*faults)


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('complaints_case', 'id'))")
        return int(cursor.fetchone()[0])
