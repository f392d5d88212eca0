"""Who can be in the bundle: the customer's own subscriptions, others', and new numbers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from billing.queries import debts
from bss.kernel.masking import masked_name
from bss.kernel.periods import business_date
from customers.models import Service, Subscription
from orders.models import NumberResource
from orders.rules.requests import Named
from orders.views.drafts import Draft
from packages_wo.models import Bundle
from packages_wo.queries.members import member_facts
from packages_wo.queries.names import plan_names
from packages_wo.rules.member_facts import Member

LIVING = (
    Subscription.State.ACTIVE,
    Subscription.State.ON_HOLD,
    Subscription.State.SUSPENDED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One row of the members' step. ``remarks`` are what will be refused if it stays so."""

    name: Named
    number: str
    service: str
    service_name: str
    plan: str
    state: str = ""
    owner: str = ""
    new: bool = False
    held_until: datetime | None = None
    remarks: tuple[str, ...] = ()
    now_inside: bool = False
    chosen: bool = False
    terminal_pack: str = ""
    consented: bool = False
    address: str = field(default="", repr=False)


def own_ids(customer_id: int) -> list[int]:
    living = Subscription.objects.filter(owner=customer_id, state__in=LIVING)
    return list(living.order_by("id").values_list("pk", flat=True))


def candidates_of(draft: Draft, *, at: datetime, inside: Iterable[int] = ()) -> list[Candidate]:
    """Own ones first, then others', then new numbers, each by age."""
    already = set(inside)
    ids = list(dict.fromkeys([*own_ids(draft.customer_id), *already, *draft.others]))
    arrears = debts.subscriptions_in_arrears(set(ids), at)
    members = member_facts(ids, on=business_date(at), in_arrears=arrears)
    named = plan_names(business_date(at))
    states = dict(Subscription.objects.filter(pk__in=ids).values_list("pk", "state"))
    bundles = _codes({m.bundle_id for m in members.values() if m.bundle_id})
    packs = dict(draft.terminals)
    known = [
        _existing(
            members[pk],
            draft,
            named=named,
            state=states[pk],
            bundle=bundles.get(members[pk].bundle_id or 0, ""),
            inside=pk in already,
            pack=packs.get(pk, ""),
        )
        for pk in ids
    ]
    return known + _new_ones(draft, packs, named)


def _existing(
    member: Member,
    draft: Draft,
    *,
    named: Callable[[str], str],
    state: str,
    bundle: str,
    inside: bool,
    pack: str,
) -> Candidate:
    remarks = []
    if bundle and not inside:
        remarks.append(_("已在套餐 %(code)s 中") % {"code": bundle})
    if member.in_arrears and not inside:
        remarks.append(_("有欠费"))
    foreign = member.owner.customer_id != draft.customer_id
    person = member.owner.kind == "individual"
    owner = masked_name(member.owner.name) if person else member.owner.name
    return Candidate(
        name=member.subscription_id,
        number=member.number,
        service=member.service,
        service_name=_(Service(member.service).label),
        plan=named(member.plan),
        state=state,
        owner=owner if foreign else "",
        remarks=tuple(remarks),
        now_inside=inside,
        chosen=member.subscription_id in draft.members,
        terminal_pack=pack,
        consented=member.subscription_id in draft.consents,
    )


def _new_ones(
    draft: Draft, packs: dict[Named, str], named: Callable[[str], str]
) -> list[Candidate]:
    holds = dict(
        NumberResource.objects.filter(
            number__in=[one.number for one in draft.new], state=NumberResource.State.HELD
        ).values_list("number", "held_until")
    )
    return [
        Candidate(
            name=one.key,
            number=one.number,
            service=one.service,
            service_name=_(Service(one.service).label),
            plan=named(one.plan),
            new=True,
            held_until=holds.get(one.number),
            chosen=one.key in draft.members,
            terminal_pack=packs.get(one.key, ""),
            address=one.address,
        )
        for one in draft.new
    ]


def _codes(bundle_ids: set[int]) -> dict[int, str]:
    return dict(Bundle.objects.filter(pk__in=bundle_ids).values_list("pk", "code"))
