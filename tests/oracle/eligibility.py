"""Who may be in a bundle, and what a bundle may be made of (ELG, CHG-1, CHG-7)."""

from collections import Counter

from tests.oracle.amounts import fen
from tests.oracle.entities import Bundle, Composition, Subscription
from tests.oracle.parsing import Find
from tests.oracle.world import World

LEAST_3G_FEN = fen("96.00")


def fits(
    world: World,
    find: Find,
    *,
    offering: str,
    composition: Composition,
    may_lack: set[str],
) -> bool:
    """Whether the composition is what the catalogue asks for (ELG-8).

    ``may_lack`` are required services that a bundle fallen to A may stay without (CHG-7).
    """
    allowed = dict(world.catalogue.members(offering, composition.scheme))
    one_of = allowed.pop("one_or_more_of", [])
    services = Counter(find(sub).service for sub in composition.members)
    required = {name for name, how in allowed.items() if how == "required"} - may_lack
    return (
        all(count == 1 for count in services.values())
        and set(services) <= {*allowed, *one_of}
        and required <= set(services)
        and (not one_of or bool(set(one_of) & set(services)))
        and composition.main in composition.members
        and _packs_fit(world, find, composition, set(services))
    )


def _packs_fit(world: World, find: Find, composition: Composition, services: set[str]) -> bool:
    cat = world.catalogue
    for name, count in Counter(composition.packs).items():
        if "max" in cat.pack(name) and count > cat.pack(name)["max"]:
            return False
        if "needs" in cat.pack(name) and cat.pack(name)["needs"] not in services:
            return False
    return all(
        find(sub).service in cat.pack(pack).get("adds_terminal", [])
        for sub, pack in composition.terminals.items()
    )


def refusals_of_joiners(
    world: World,
    find: Find,
    *,
    composition: Composition,
    joiners: list[str],
    main_customer: str,
    bundle: Bundle | None,
) -> set[str]:
    """ELG-2, 3, 4, 5 and 9, looked at for those who join."""
    rules = set()
    for sub in joiners:
        subscription = find(sub)
        service, owner = subscription.service, world.owner(subscription)
        part = world.part(composition, sub)
        if owner.kind == "individual" and not subscription.real_name:
            rules.add("ELG-2")
        if part != "vpn" and service == "fixed" and not _is_enterprise_line(subscription):
            rules.add("ELG-3")
        if part == "base" and service == "fixed" and subscription.owner != main_customer:
            rules.add("ELG-3")
        if part != "vpn" and service == "m2g" and not _on_standard_plan(world, subscription):
            rules.add("ELG-4")
        if part == "base" and service == "m3g":
            cheap = world.catalogue.monthly_fen(subscription.plan) < LEAST_3G_FEN
            if cheap or subscription.payment != "postpaid":
                rules.add("ELG-5")
        if owner.listed == "black" or is_taken(world, sub, beside=bundle):
            rules.add("ELG-9")
        if sub in world.subscriptions and world.account(world.payer_now(sub)).owes:
            rules.add("ELG-9")
    return rules


def refusals_of_whole(
    world: World,
    find: Find,
    *,
    offering: str,
    composition: Composition,
    main_customer: str,
) -> set[str]:
    """ELG-6, 7 and 11, looked at for the whole composition."""
    rules = set()
    mobiles_3g = [find(sub) for sub in composition.members if find(sub).service == "m3g"]
    for mobile in mobiles_3g:
        if not names_agree(world, find, composition, main_customer):
            rules.add("ELG-6")
        if composition.scheme == "B" and not price_holds(
            world, offering, composition.tier, mobile.plan
        ):
            rules.add("ELG-7")
    roaming_discount = any(
        world.catalogue.pack(pack).get("roaming_discount") for pack in composition.packs
    )
    if roaming_discount and any(find(sub).service == "m2g" for sub in composition.members):
        rules.add("ELG-11")
    return rules


def names_agree(world: World, find: Find, composition: Composition, main_customer: str) -> bool:
    """The 3G owner is called as the fixed line's owner, without one as the main customer."""
    name = world.customers[main_customer].name
    for sub in composition.members:
        if find(sub).service == "fixed":
            name = world.owner(find(sub)).name
    return all(
        world.owner(find(sub)).name == name
        for sub in composition.members
        if find(sub).service == "m3g"
    )


def price_holds(world: World, offering: str, tier: int, plan_3g: str) -> bool:
    cat = world.catalogue
    with_3g = cat.bundle_fen(offering, "B", tier) + cat.monthly_fen(plan_3g)
    return with_3g >= cat.bundle_fen(offering, "A", tier)


def is_taken(world: World, sub: str, *, beside: Bundle | None) -> bool:
    """It is in a bundle in force or pending, or a live change of another bundle adds it."""
    for bundle in world.bundles.values():
        if bundle is beside:
            continue
        if bundle.state == "pending" and sub in bundle.opening.everyone:
            return True
        if bundle.now and sub in bundle.now.everyone:
            return True
        if sub in joining_by_change(world, bundle):
            return True
    return False


def is_pending_member(world: World, sub: str) -> bool:
    """A bundle that it is in is pending, or a change that adds it (EFF-3)."""
    return any(
        (bundle.state == "pending" and sub in bundle.opening.everyone)
        or sub in joining_by_change(world, bundle)
        for bundle in world.bundles.values()
    )


def joining_by_change(world: World, bundle: Bundle) -> list[str]:
    if not bundle.now:
        return []
    return [
        sub
        for order in world.orders.values()
        if order.type == "change_bundle" and order.bundle == bundle.id and order.live
        for sub in order.composition.everyone
        if sub not in bundle.now.everyone
    ]


def _is_enterprise_line(subscription: Subscription) -> bool:
    return subscription.line == "enterprise" and subscription.payment == "postpaid"


def _on_standard_plan(world: World, subscription: Subscription) -> bool:
    """A bundle's plan is no single-user plan: who has one is refused by ELG-9."""
    if subscription.id in world.subscriptions and world.has_bundle_plan(subscription.id):
        return True
    return world.catalogue.plan(subscription.plan).get("kind") in ("standard", "modular")
