"""One of everything, three times over: near, in the next city, in another province; and who asks.

``near`` is the account manager's own customer at a hall of the clerk's city, ``next`` is nobody's
in another city of the province, ``far`` is in another province.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta

from axes.models import AccessAttempt
from oauth2_provider.models import Application

from billing.services import payments
from bss.identity.models import (
    InterfaceNumber,
    OutsideSystem,
    PersonalToken,
    Recovery,
    SubAccount,
    WorkSession,
)
from bss.identity.services.recovery import RECOVER
from bss.identity.services.staff_roles import GRANT
from bss.kernel import approvals
from bss.kernel.access import ROLES
from bss.kernel.clock import real_now
from bss.kernel.models import Approval, AuditEntry, Organisation, Staff
from bss.kernel.periods import local_moment
from bss.oversight.models import RelativeNumber, SecurityCase
from channels.models import Channel
from channels.services.channels import register_channel
from complaints.services.intake import open_case
from customers.models import Customer, Subscription
from orders.models import NetworkOrder
from tests.builders.billing import a_bill, own_account
from tests.builders.orders import a_company, a_new, a_subscription, accepted, an_opening
from tests.builders.organisations import a_country
from tests.builders.staff import PASSWORD, a_role

NOW = "2026-11-05T10:00"
SEPTEMBER = "2026-09"
MORNING = local_moment("2026-11-04T10:00")
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
        manager = world.people["account_manager"] if place == "near" else None
        world.things[place] = _things(number, country[hall], manager)
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


def _things(number: int, hall: Organisation, manager: Staff | None) -> dict[str, str]:
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
    case = open_case(
        customer_id=company.pk,
        category="bill_dispute",
        subject="对帐单有疑问",
        description="客户对套餐费有疑问。",
        at=MORNING,
        by_id=Staff.objects.get(username="agent").pk,
    )
    colleague = _colleague(number, hall)
    return {
        **_about_staff(number, colleague),
        "network": str(_network_order(mobile).pk),
        "interface": _interface(number, hall, colleague),
        "token": _token(colleague),
        "entry": str(AuditEntry.objects.latest("pk").pk),
        "customer": company.code,
        "bundle": order.bundle.code,
        "subscription": str(mobile.pk),
        "account": account.code,
        "bill": str(bill.pk),
        "line": str(bill.lines.get().pk),
        "payment": str(payment.pk),
        "order": order.code,
        "work_order": str(order.work_orders.earliest("pk").pk),
        "case": case.code,
        "channel": channel.code,
        "organisation": hall.code,
        "month": SEPTEMBER,
    }


def _colleague(number: int, hall: Organisation) -> Staff:
    colleague = Staff.objects.create_user(
        username=f"colleague{number}", display_name=f"测试同事{number}", organisation=hall
    )
    colleague.roles.add(a_role("clerk"))
    return colleague


def _about_staff(number: int, colleague: Staff) -> dict[str, str]:
    """Asked by the colleague: the role of an agent for themselves."""
    approval = approvals.ask(
        kind=GRANT,
        payload={"staff_id": colleague.pk, "roles": ["agent"]},
        asked_by_id=colleague.pk,
        at=MORNING,
        reason="试验申请",
    )
    system, _ = OutsideSystem.objects.get_or_create(code="OA", name="办公系统")
    account = SubAccount.objects.create(
        staff=colleague, system=system, account_name=f"oa{number}", valid_from=MORNING
    )
    agreed = Approval.objects.create(
        kind=RECOVER,
        payload={"staff_id": colleague.pk, "lost_second_factor": False},
        shown=[],
        digest="",
        reason="试验恢复",
        asked_by=Staff.objects.get(username="security_officer"),
        asked_at=MORNING,
        expires_at=MORNING + timedelta(hours=2),
    )
    Approval.objects.filter(pk=agreed.pk).update(
        state=Approval.State.APPROVED,
        decided_by=Staff.objects.get(username="auditor"),
        decided_at=MORNING,
    )
    recovery = Recovery.objects.create(
        staff=colleague,
        approval=agreed,
        asked_by=agreed.asked_by,
        lost_second_factor=False,
        approved_at=MORNING,
        valid_until=MORNING + timedelta(days=2),
    )
    session = WorkSession.objects.create(
        staff=colleague,
        session_key=f"session-of-{number}",
        means=WorkSession.Means.choices[0][0],
        address="127.0.0.1",
        started_at=real_now(),
        seen_at=real_now(),
        idle_until=real_now() + timedelta(hours=1),
        ends_at=real_now() + timedelta(hours=2),
    )
    case = SecurityCase.objects.create(
        rule="night",
        whom=f"staff:{colleague.pk}",
        staff=colleague,
        opened_at=MORNING,
        last_hit_at=MORNING,
    )
    relative = RelativeNumber.objects.create(
        staff=colleague, number=f"1301111900{number}", relation="spouse", registered_at=MORNING
    )
    attempt = AccessAttempt.objects.create(
        username=colleague.username, ip_address="127.0.0.1", failures_since_start=9
    )
    return {
        "session": str(session.pk),
        "security_case": str(case.pk),
        "relative": str(relative.pk),
        "lockout": str(attempt.pk),
        "staff": colleague.username,
        "approval": str(approval.pk),
        "sub_account": str(account.pk),
        "recovery": str(recovery.pk),
    }


def _interface(number: int, hall: Organisation, responsible: Staff) -> str:
    application = Application.objects.create(
        name=f"接口{number}",
        client_id=f"IF-{number}",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    interface = InterfaceNumber.objects.create(
        number=f"IF-{number}",
        kind=InterfaceNumber.Kind.BANK,
        organisation=hall,
        name=f"接口{number}",
        responsible=responsible,
        opens=time(8),
        closes=time(18),
        application=application,
        opened_at=MORNING,
    )
    return interface.number


def _token(staff: Staff) -> str:
    token, _ = PersonalToken.objects.create(user=staff, name="同事的", last_used_at=real_now())
    return token.token_key


def _network_order(mobile: Subscription) -> NetworkOrder:
    order = NetworkOrder.objects.create(
        change=mobile.state_history.latest("pk"),
        subscription=mobile,
        type=NetworkOrder.Type.STOP,
        asked_at=MORNING,
    )
    NetworkOrder.objects.filter(pk=order.pk).update(state=NetworkOrder.State.FAILED)
    return order
