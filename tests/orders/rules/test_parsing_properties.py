from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from orders.rules.parsing import (
    BundleShape,
    MemberToday,
    Part,
    WorkOrderSpec,
    parse_cancellation,
    parse_change,
    parse_opening,
)
from packages_wo.rules.composition import BASE, SHARED_TERMINAL, VPN_TERMINAL
from tests.orders.rules.somewhere import ENHANCED_VAS

PRODUCTS = st.frozensets(st.sampled_from(["caller_id", "group_mail", "colour_ring"]))
SPEEDS = st.sampled_from([None, 1024, 2048, 4096])


@st.composite
def worlds(draw: st.DrawFn) -> dict[int, MemberToday]:
    services = draw(st.lists(st.sampled_from(["fixed", "broadband", "m2g", "m3g"]), min_size=2))
    return {
        n: MemberToday(
            id=n,
            service=service,
            new=draw(st.booleans()),
            speed_kbps=draw(SPEEDS) if service == "broadband" else None,
            vas=draw(PRODUCTS),
            opened_vas=draw(PRODUCTS),
            next_speed_kbps=draw(SPEEDS),
        )
        for n, service in enumerate(services, start=1)
    }


@st.composite
def shapes(draw: st.DrawFn, world: dict[int, MemberToday]) -> BundleShape:
    chosen = draw(st.lists(st.sampled_from(sorted(world)), unique=True, min_size=1))
    kinds = sorted(
        (
            draw(st.sampled_from([BASE, SHARED_TERMINAL, VPN_TERMINAL]))
            if world[n].service != "broadband"
            else BASE
            for n in chosen
        ),
        key=[BASE, SHARED_TERMINAL, VPN_TERMINAL].index,
    )
    ordered = sorted(chosen, key=lambda n: world[n].service != "broadband")
    return BundleShape(
        scheme=draw(st.sampled_from("AB")),
        tier=draw(st.sampled_from([106, 206])),
        parts=tuple(
            Part(n, kind, merged=kind != VPN_TERMINAL and draw(st.booleans()))
            for n, kind in zip(ordered, kinds, strict=True)
        ),
        speed_kbps=draw(st.sampled_from([None, 2048, 4096])),
        static_ip=draw(st.booleans()),
        includes_vas=ENHANCED_VAS,
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[int, MemberToday], BundleShape, BundleShape]:
    world = draw(worlds())
    return world, draw(shapes(world)), draw(shapes(world))


def assert_a_graph(specs: Sequence[WorkOrderSpec]) -> None:
    names = [spec.key for spec in specs]
    assert len(set(names)) == len(names), "a work order is named once"
    done: set[object] = set()
    waiting = list(specs)
    while waiting:
        ready = [spec for spec in waiting if done.issuperset(spec.after)]
        assert ready, "every work order can be reached: no cycle, no predecessor missing"
        done.update(spec.key for spec in ready)
        waiting = [spec for spec in waiting if spec.key not in done]


@given(changes())
def test_work_orders_form_a_graph_without_cycles_that_can_be_finished(
    case: tuple[dict[int, MemberToday], BundleShape, BundleShape],
) -> None:
    world, before, after = case

    for specs in (
        parse_opening(after, world),
        parse_change(before=before, after=after, members=world),
        parse_cancellation(before, world),
    ):
        assert_a_graph(specs)


@given(changes())
def test_the_same_input_gives_the_same_work_orders_in_the_same_order(
    case: tuple[dict[int, MemberToday], BundleShape, BundleShape],
) -> None:
    world, before, after = case

    assert parse_opening(after, world) == parse_opening(after, dict(reversed(world.items())))
    assert parse_change(before=before, after=after, members=world) == parse_change(
        before=before, after=after, members=dict(reversed(world.items()))
    )


@given(changes())
def test_nobody_is_lost(
    case: tuple[dict[int, MemberToday], BundleShape, BundleShape],
) -> None:
    world, before, after = case

    for shape, specs in (
        (after, parse_opening(after, world)),
        (before, parse_cancellation(before, world)),
    ):
        served = {spec.key.subscription_id for spec in specs}
        assert served == {part.subscription_id for part in shape.parts if not _silent(part, world)}


@given(changes())
def test_who_stays_is_never_told_to_join_or_leave(
    case: tuple[dict[int, MemberToday], BundleShape, BundleShape],
) -> None:
    world, before, after = case
    staying = {p.subscription_id for p in before.parts} & {p.subscription_id for p in after.parts}

    found = parse_change(before=before, after=after, members=world)

    told = {spec.key.type for spec in found if spec.key.subscription_id in staying}
    assert told <= {"change_plan", "change_speed", "static_ip", "remove_static_ip"}


def _silent(part: Part, world: dict[int, MemberToday]) -> bool:
    """A broadband terminal has no voice: the VPN is nothing to it."""
    return world[part.subscription_id].service == "broadband" and part.kind == VPN_TERMINAL
