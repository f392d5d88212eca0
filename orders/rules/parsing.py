"""订单解析: one bundle order as work orders, by what each member is today.

Source: PAR-1…PAR-14. Pure (PAR-12): the same input gives the same work orders in the same order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from customers.rules.services import BROADBAND, FIXED, M2G
from packages_wo.rules.composition import BASE, SHARED_TERMINAL
from packages_wo.rules.composition import has_bundle_plan as plan_is_the_bundles

DRAWS_POOL = (FIXED, M2G)


@dataclass(frozen=True, slots=True)
class Key:
    """The name of a work order within its order."""

    type: str
    subscription_id: int
    product: str = ""


@dataclass(frozen=True, slots=True)
class WorkOrderSpec:
    """One work order to be: its name, the rule that asks for it, and what it waits for."""

    key: Key
    rule: str = ""
    after: tuple[Key, ...] = ()
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemberToday:
    """A subscription as parsing sees it at acceptance.

    ``opened_vas`` are the products that its bundle opened (PAR-3); ``next_speed_kbps`` is the speed
    of the plan it will be on when it leaves.
    """

    id: int
    service: str
    new: bool = False
    speed_kbps: int | None = None
    vas: frozenset[str] = frozenset()
    opened_vas: frozenset[str] = frozenset()
    next_speed_kbps: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A subscription's part in a bundle, and whether the unified account pays it (ACC-7)."""

    subscription_id: int
    kind: str
    merged: bool


@dataclass(frozen=True, slots=True)
class BundleShape:
    """What a bundle is, or will be, as far as work depends on it.

    ``parts``: base members, then terminals, as the order names them. ``includes_vas``: service →
    products of the offering that are for it, in the catalogue's order.
    """

    scheme: str
    tier: int
    parts: tuple[Part, ...]
    speed_kbps: int | None = None
    static_ip: bool = False
    includes_vas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Members = Mapping[int, MemberToday]


def parse_opening(shape: BundleShape, members: Members) -> tuple[WorkOrderSpec, ...]:
    """The work orders of an opening: everything that joins, in the order's order."""
    return tuple(_joining(shape.parts, shape, members))


def parse_change(
    *, before: BundleShape, after: BundleShape, members: Members
) -> tuple[WorkOrderSpec, ...]:
    """The work orders of a change: who stays, then who leaves, then who joins."""
    was = {part.subscription_id for part in before.parts}
    will_be = {part.subscription_id for part in after.parts}
    staying = [part for part in after.parts if part.subscription_id in was]
    leaving = [part for part in before.parts if part.subscription_id not in will_be]
    joining = [part for part in after.parts if part.subscription_id not in was]
    return (
        *(spec for part in staying for spec in _stay(part, before, after, members)),
        *(spec for part in leaving for spec in _leave(part, before, members, plan_rule="PAR-1")),
        *_joining(joining, after, members),
    )


def parse_cancellation(shape: BundleShape, members: Members) -> tuple[WorkOrderSpec, ...]:
    """The work orders of a cancellation: everyone leaves for the plan of CAN-4."""
    return tuple(
        spec for part in shape.parts for spec in _leave(part, shape, members, plan_rule="CAN-4")
    )


def parse_single(type_: str, *, subscription_id: int, product: str = "") -> WorkOrderSpec:
    """The one work order of a single-user business; no rule asks for it."""
    return WorkOrderSpec(Key(type_, subscription_id, product))


def has_bundle_plan(part: Part, member: MemberToday) -> bool:
    """Whether the bundle's plan stands in the place of its own. Source: PAR-1, PAR-10."""
    return plan_is_the_bundles(part=part.kind, service=member.service)


def _joining(
    parts: Iterable[Part], shape: BundleShape, members: Members
) -> Iterator[WorkOrderSpec]:
    joining = tuple(parts)
    new_line = next(
        (
            Key("install", part.subscription_id)
            for part in joining
            if part.kind == BASE
            and members[part.subscription_id].service == FIXED
            and members[part.subscription_id].new
        ),
        None,
    )
    for part in joining:
        yield from _join(part, shape, members[part.subscription_id], new_line=new_line)


def _join(
    part: Part, shape: BundleShape, member: MemberToday, *, new_line: Key | None
) -> Iterator[WorkOrderSpec]:
    """Source: PAR-1…PAR-9, in this order; what a new member gets waits for its install."""
    installed: tuple[Key, ...] = ()
    if member.new:
        reserve, install = Key("reserve_resource", member.id), Key("install", member.id)
        over_line = member.service == BROADBAND and new_line is not None
        yield WorkOrderSpec(reserve, "PAR-5")
        yield WorkOrderSpec(
            install, "PAR-5", (reserve, new_line) if over_line and new_line else (reserve,)
        )
        installed = (install,)
    elif has_bundle_plan(part, member):
        yield WorkOrderSpec(Key("change_plan", member.id), "PAR-1")
    if part.kind == BASE:
        if member.service == BROADBAND:
            yield from _line_work(shape, member, installed=installed, static_ip=shape.static_ip)
        for product in shape.includes_vas.get(member.service, ()):
            there = product in member.vas
            yield WorkOrderSpec(
                Key("change_vas" if there else "open_vas", member.id, product),
                "PAR-4" if there else "PAR-3",
                installed,
            )
    if part.kind == SHARED_TERMINAL or (part.kind == BASE and member.service in DRAWS_POOL):
        yield WorkOrderSpec(Key("enable_ldd", member.id), "PAR-6", installed)
    if member.service != BROADBAND:
        yield WorkOrderSpec(Key("join_vpn", member.id), "PAR-7", installed)
    if part.merged:
        yield WorkOrderSpec(Key("merge_account", member.id), "PAR-8", installed)


def _stay(
    part: Part, before: BundleShape, after: BundleShape, members: Members
) -> Iterator[WorkOrderSpec]:
    member = members[part.subscription_id]
    moved = (before.scheme, before.tier) != (after.scheme, after.tier)
    if moved and has_bundle_plan(part, member):
        yield WorkOrderSpec(Key("change_plan", member.id), "PAR-1")
    if part.kind == BASE and member.service == BROADBAND:
        chosen = after.static_ip and not before.static_ip
        yield from _line_work(after, member, installed=(), static_ip=chosen)
        if before.static_ip and not after.static_ip:
            yield WorkOrderSpec(Key("remove_static_ip", member.id), "PAR-14")


def _line_work(
    shape: BundleShape, member: MemberToday, *, installed: tuple[Key, ...], static_ip: bool
) -> Iterator[WorkOrderSpec]:
    """Speed, then the static address that waits for it. Source: PAR-2, PAR-9."""
    first = installed
    if not member.new and shape.speed_kbps not in (None, member.speed_kbps):
        change = Key("change_speed", member.id)
        yield WorkOrderSpec(change, "PAR-2", detail={"speed_kbps": shape.speed_kbps})
        first = (change,)
    if static_ip:
        yield WorkOrderSpec(Key("static_ip", member.id), "PAR-9", first)


def _leave(
    part: Part, shape: BundleShape, members: Members, *, plan_rule: str
) -> Iterator[WorkOrderSpec]:
    """Source: PAR-14; nothing waits."""
    member = members[part.subscription_id]
    if has_bundle_plan(part, member):
        yield WorkOrderSpec(Key("change_plan", member.id), plan_rule)
    if part.kind == BASE and member.service == BROADBAND:
        if member.next_speed_kbps not in (None, member.speed_kbps):
            yield WorkOrderSpec(
                Key("change_speed", member.id),
                "PAR-14",
                detail={"speed_kbps": member.next_speed_kbps},
            )
        if shape.static_ip:
            yield WorkOrderSpec(Key("remove_static_ip", member.id), "PAR-14")
    for product in shape.includes_vas.get(member.service, ()):
        if product in member.opened_vas and product in member.vas:
            yield WorkOrderSpec(Key("close_vas", member.id, product), "PAR-14")
    if member.service != BROADBAND:
        yield WorkOrderSpec(Key("leave_vpn", member.id), "PAR-14")
    if part.merged:
        yield WorkOrderSpec(Key("split_account", member.id), "PAR-14")
