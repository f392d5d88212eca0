"""What keeps the security officers busy: an interface, a merge that waits, a look at night."""

from datetime import datetime, time, timedelta

from bss.identity.models import InterfaceNumber
from bss.identity.services.interfaces import Terms, open_interface
from bss.kernel import approvals, audit
from bss.kernel.models import Organisation, Staff
from customers.merge_kinds import MERGE
from customers.models import DuplicatePair

SCOPES = ("customer.view", "account.view")
LOOKED_AT = 4


def open_a_bank(*, at: datetime) -> None:
    """A bank asks what its customers owe; an account manager answers for it."""
    open_interface(
        kind=InterfaceNumber.Kind.BANK,
        organisation_id=Organisation.objects.get(code="HE0311").pk,
        terms=Terms(
            name="示例银行代收",
            responsible_id=Staff.objects.get(username="manager01").pk,
            scopes=SCOPES,
            days=range(7),
            opens=time(6),
            closes=time(22),
            networks=("203.0.113.0/24",),
        ),
        at=at,
        by_id=Staff.objects.get(username="security01").pk,
    )


def ask_to_merge(*, at: datetime) -> None:
    """One supervisor asks, the other has not looked yet."""
    for pair in DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN)[:1]:
        approvals.ask(
            kind=MERGE,
            payload={"survivor_id": pair.first_id, "merged_id": pair.second_id},
            asked_by_id=Staff.objects.get(username="super01").pk,
            at=at,
            reason="同一证件，两厅重复登记",
        )


def look_at_night(customer_ids: list[int], *, at: datetime) -> None:
    """A clerk reads some customers near midnight: the pre-warning opens a case by itself."""
    night = at.replace(hour=23, minute=20)
    clerk = Staff.objects.get(username="clerk05")
    for place, customer_id in enumerate(customer_ids[:LOOKED_AT]):
        with audit.acting(staff_id=clerk.pk, source="web", address="10.3.11.25"):
            audit.read_personal(
                kind="reveal",
                customer_ids=[customer_id],
                at=night + timedelta(minutes=3 * place),
                reason="核对装机地址",
            )
