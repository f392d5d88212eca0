"""A draft as the order that it asks for."""

from orders.rules.requests import (
    BundleOrder,
    ChangeBundleOrder,
    Named,
    NewSubscription,
    OpenBundleOrder,
    PackChoice,
)
from orders.views.drafts import Draft, DraftNew
from packages_wo.rules.composition import Composition


def request_of(draft: Draft, *, area: str, in_force: Composition | None = None) -> BundleOrder:
    """The opening; or, given what is ``in_force``, the change that leads to the draft."""
    if draft.bundle_id is None:
        return _opening(draft, area=area)
    current = in_force.members if in_force else ()
    base = in_force.base if in_force else ()
    terminals = tuple(who for who, _ in draft.terminals)
    wanted = {*draft.members, *terminals}
    joining = {*draft.members, *terminals} - set(current)
    return ChangeBundleOrder(
        customer_id=draft.customer_id,
        bundle_id=draft.bundle_id,
        tier=draft.tier,
        add=tuple(who for who in draft.members if who not in base),
        remove=tuple(who for who in current if who not in wanted),
        packs=_packs(draft),
        new=_new(draft, area=area),
        consents=tuple(who for who in draft.consents if who in joining),
    )


def _opening(draft: Draft, *, area: str) -> OpenBundleOrder:
    used = {*draft.members, *(who for who, _ in draft.terminals)}
    return OpenBundleOrder(
        customer_id=draft.customer_id,
        offering=draft.offering,
        scheme=draft.scheme,
        tier=draft.tier or 0,
        members=draft.members,
        account_id=draft.account_id,
        account_name=draft.account_name,
        packs=_packs(draft),
        main=draft.main if draft.main in draft.members else None,
        separate_3g=draft.separate_3g,
        filed_by_manager=draft.filed_by_manager,
        documents=draft.documents,
        new=_new(draft, area=area),
        consents=tuple(who for who in draft.consents if who in used),
    )


def _packs(draft: Draft) -> tuple[PackChoice, ...]:
    with_terminal = [PackChoice(pack, who) for who, pack in draft.terminals]
    without = [PackChoice(pack) for pack, count in draft.packs for _ in range(count)]
    return (*with_terminal, *without)


def _new(draft: Draft, *, area: str) -> tuple[NewSubscription, ...]:
    """Only the numbers that are put to use; the others stay held until their time is up."""
    used: set[Named] = {*draft.members, *(who for who, _ in draft.terminals)}
    return tuple(_as_new(one, area=area) for one in draft.new if one.key in used)


def _as_new(one: DraftNew, *, area: str) -> NewSubscription:
    return NewSubscription(
        key=one.key,
        service=one.service,
        number=one.number,
        plan=one.plan,
        area=area,
        install_address=one.address,
    )
