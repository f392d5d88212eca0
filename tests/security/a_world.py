"""One of everything, three times over: near, in the next city, in another province; and who asks.

``near`` is the account manager's own customer at a hall of the clerk's city, ``next`` is nobody's
in another city of the province, ``far`` is in another province.
"""

from dataclasses import dataclass, field
from datetime import date

from billing.services import books, invoices, payments
from bss.identity.models import PersonalToken
from bss.kernel import approvals
from bss.kernel.access import ROLES
from bss.kernel.clock import real_now
from bss.kernel.models import Approval, AuditEntry, Organisation, Staff
from bss.kernel.periods import local_moment
from channels.models import Channel
from channels.services.channels import register_channel
from complaints.services.intake import open_case
from customers.approval_kinds import UNMASK
from customers.models import (
    ClassMembership,
    Customer,
    CustomerClass,
    DuplicatePair,
    LegalHold,
    LevelChange,
    Subscription,
)
from customers.services.legal_holds import place_hold
from orders.models import NetworkOrder
from packages_wo.models import CatalogueVersion
from tests.builders.billing import a_bill, own_account
from tests.builders.by_hand import a_day_by_hand
from tests.builders.month import a_day_of_usage
from tests.builders.orders import a_company, a_new, a_subscription, accepted, an_opening
from tests.builders.organisations import a_country
from tests.builders.staff import PASSWORD, a_role
from tests.builders.tariffs import a_rerating
from tests.security.a_bank import about_a_bank
from tests.security.a_colleague import about_a_colleague
from tests.security.a_debtor import about_a_debtor
from tests.security.a_desk import about_a_desk
from tests.security.a_gateway import about_a_gateway

NOW = "2026-11-05T10:00"
SEPTEMBER = "2026-09"
MORNING = local_moment("2026-11-04T10:00")
THIS_MORNING = local_moment(NOW)
HALLS = {"near": "SJZ-A1", "next": "TS-1", "far": "TY-1"}

# Where each role works; a role that is not here works at the province.
PLACES = {"clerk": "SJZ-1", "auditor": "HQ", "hq_viewer": "HQ"}
# What is outside of each role's reach; what is outside of the province is outside of the others'.
OUTSIDE = {"clerk": "next", "account_manager": "next"}
NOBODY = ("anonymous", "disabled")
"""Who is no role: not signed in; signed in until the account was disabled a moment ago."""


@dataclass
class World:
    """``things[place][name]`` fills the places of an address; ``people`` by column."""

    things: dict[str, dict[str, str]] = field(default_factory=dict)
    people: dict[str, Staff] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def outside_of(self, column: str) -> str:
        return OUTSIDE.get(column, "far")


def a_world() -> World:
    world = World()
    country = a_country()
    for role in ROLES:
        _hire(world, role, role, country[PLACES.get(role, "HE")])
    _hire(world, "disabled", "supervisor", country["HE"])
    for number, (place, hall) in enumerate(HALLS.items(), start=1):
        near = place == "near"
        world.things[place] = _things(
            number,
            country[hall],
            manager=world.people["account_manager"] if near else None,
            reader=world.people["supervisor"] if near else world.people["disabled"],
        )
    return world


def _hire(world: World, column: str, role: str, organisation: Organisation) -> None:
    staff = Staff.objects.create_user(
        username=column, password=PASSWORD, display_name=f"测试{column}", organisation=organisation
    )
    staff.roles.add(a_role(role, reach=ROLES[role].reach))
    world.people[column] = staff
    _, world.tokens[column] = PersonalToken.objects.create(
        user=staff, name="测试", last_used_at=real_now()
    )


def _things(
    number: int, hall: Organisation, *, manager: Staff | None, reader: Staff
) -> dict[str, str]:
    """``reader`` may read the company in clear, with a second person's yes."""
    company = a_company(name=f"试验{number}号商贸有限公司")
    Customer.objects.filter(pk=company.pk).update(organisation=hall, account_manager=manager)
    channel = register_channel(
        code=f"CH-{number}", name=f"渠道{number}", kind=Channel.Kind.HALL, organisation_id=hall.pk
    )
    mobile = a_subscription(company, "m2g")
    account = own_account(mobile)
    line = a_new(f"line{number}", "fixed")
    order = accepted(an_opening(company, line.key, mobile, new=(line,)), at=MORNING)
    bill = a_bill(account, SEPTEMBER, (mobile, "PLAN_FEE", 1000))
    payment = payments.pay(
        account_id=account.pk,
        amount_fen=300,
        key=f"world-{number}",
        at=MORNING,
        channel_id=channel.pk,
    )
    (invoice,) = invoices.issue(
        bill_id=bill.pk, parts=[invoices.Part(amount_fen=400)], key=f"world-{number}", at=MORNING
    )
    case = open_case(
        customer_id=company.pk,
        category="bill_dispute",
        subject="对帐单有疑问",
        description="客户对套餐费有疑问。",
        at=MORNING,
        by_id=Staff.objects.get(username="agent").pk,
    )
    return {
        **about_a_colleague(number, hall, at=MORNING),
        **about_a_desk(number, channel, account, at=MORNING),
        **about_a_bank(number, account, at=MORNING),
        **a_day_by_hand(mobile, number, at=MORNING),
        **about_a_gateway(number, channel, account, at=MORNING),
        **about_a_debtor(company, account, at=MORNING),
        "rerating": str(a_rerating(account, mobile, at=MORNING).pk),
        **a_day_of_usage(number, at=MORNING),
        "network": str(_network_order(mobile).pk),
        "legal_hold": str(_hold(company).pk),
        "pair": str(_pair(number, hall, company).pk),
        **_level(number, company),
        "unmasking": str(_unmasking(company, asked_by=reader).pk),
        "version": str(_next_version().pk),
        "entry": str(AuditEntry.objects.latest("pk").pk),
        "customer": company.code,
        "bundle": order.bundle.code,
        "subscription": str(mobile.pk),
        "account": account.code,
        "ledger": str(account.ledgers.get(kind="public").pk),
        "journal": str(payment.journal_id),
        "books_check": str(books.check_books(at=MORNING).pk),
        "bill": str(bill.pk),
        "line": str(bill.lines.get().pk),
        "payment": str(payment.pk),
        "invoice": str(invoice.pk),
        "order": order.code,
        "work_order": str(order.work_orders.earliest("pk").pk),
        "case": case.code,
        "channel": channel.code,
        "organisation": hall.code,
        "month": SEPTEMBER,
    }


def _network_order(mobile: Subscription) -> NetworkOrder:
    order = NetworkOrder.objects.create(
        change=mobile.state_history.latest("pk"),
        subscription=mobile,
        type=NetworkOrder.Type.STOP,
        asked_at=MORNING,
    )
    NetworkOrder.objects.filter(pk=order.pk).update(state=NetworkOrder.State.FAILED)
    return order


def _hold(company: Customer) -> LegalHold:
    return place_hold(customer_id=company.pk, reason="诉讼保全", until=None, at=MORNING, by_id=None)


def _pair(number: int, hall: Organisation, company: Customer) -> DuplicatePair:
    """The company and one that may be the same, at the same hall."""
    twin = a_company(name=f"试验{number}号商贸公司")
    Customer.objects.filter(pk=twin.pk).update(organisation=hall)
    return DuplicatePair.objects.create(
        first=company, second=twin, likeness_percent=90, score=60, found_at=MORNING
    )


def _level(number: int, company: Customer) -> dict[str, str]:
    """A class that the company holds and is proposed to lose."""
    one = CustomerClass.objects.create(number=900 + number, name=f"试验{number}类")
    ClassMembership.objects.create(customer=company, customer_class=one, valid_from=MORNING)
    change = LevelChange.objects.create(
        customer=company,
        ladder="group",
        before=one,
        monthly_fen=1000,
        phones=number,
        proposed_at=MORNING,
    )
    return {"class": str(one.pk), "level_change": str(change.pk)}


def _unmasking(company: Customer, *, asked_by: Staff) -> Approval:
    """Allowed a moment ago."""
    asked = approvals.ask(
        kind=UNMASK,
        payload={"customer_ids": [company.pk]},
        asked_by_id=asked_by.pk,
        at=THIS_MORNING,
        reason="试验查看",
    )
    Approval.objects.filter(pk=asked.pk).update(
        state=Approval.State.APPROVED,
        decided_by=Staff.objects.get(username="security_officer"),
        decided_at=THIS_MORNING,
    )
    return asked


def _next_version() -> CatalogueVersion:
    """One that will be in force some day, and can be compared with today's."""
    today = CatalogueVersion.objects.earliest("effective_from")
    found, _ = CatalogueVersion.objects.get_or_create(
        code="NEXT",
        defaults={
            "effective_from": date(2030, 1, 1),
            "document": today.document,
            "digest": "next",
            "loaded_at": MORNING,
        },
    )
    return found
