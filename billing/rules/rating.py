"""What one record asks for: its charge item, the allowances it draws on, the price of the rest.

``classify`` looks at one record alone; ``drawing`` then serves the records of a month in order.
Source: RAT-4 … RAT-10, RAT-13, RAT-16 … RAT-18; scenarios README "Usage".
"""

from dataclasses import replace

from billing.rules.numbers import INLAND, CallClass, Called, NumberPlan, analyse_number
from billing.rules.rating_facts import Allowance, Basis, Caller, Directory, Subscriber
from billing.rules.tariffs import BlockPrice, UnitPrice, price_blocks
from billing.rules.usage_record import UsageRecord
from billing.rules.ways import Way

STANDARD_TARIFFS = {"fixed": "fixed_std", "m2g": "m2g_std"}
"""The catalogue's tariffs for what a pool does not cover. Source: RAT-6."""

ITEM_OF_CLASS = {
    CallClass.FREE: "VOICE_SERVICE",
    CallClass.SERVICE: "VOICE_SERVICE",
    CallClass.HMT: "VOICE_HMT",
    CallClass.INTERNATIONAL: "VOICE_INTL",
    CallClass.LOCAL: "VOICE_LOCAL",
    CallClass.DOMESTIC: "VOICE_DOMESTIC",
}


def classify(
    record: UsageRecord, *, caller: Caller, plan: NumberPlan, directory: Directory
) -> Basis | None:
    """What the record asks for, or None when the catalogue has no price for it (``no_tariff``)."""
    if record.call_type == "sms":
        return _text(record, caller=caller)
    if record.call_type == "data":
        return _data(record, caller=caller)
    called = None
    if record.call_type != "mt":
        called = analyse_number(
            record.other_number,
            caller_area=caller.area,
            plan=plan,
            subscriber_area=lambda number: _area(directory.subscriber(number)),
            segment_place=directory.segment_place,
        )
        if called is None:
            return None
    basis = _basis(record, item="VOICE_LOCAL", way=Way.ZERO_SECONDS, info_fee_hao=0)
    if called is not None:
        basis = replace(basis, item=ITEM_OF_CLASS[called.call_class])
        if called.call_class is CallClass.FREE:
            return replace(basis, way=Way.FREE_NUMBER)
    if record.duration_s == 0:
        return basis
    abroad = _roaming_abroad(record, caller=caller, plan=plan)
    in_country_of_2g = caller.service == "m2g" and _is_away(record, caller=caller)
    if abroad or in_country_of_2g:
        return _roaming(record, caller=caller, called=called, abroad=abroad)
    if called is None:
        return _basis(record, item="VOICE_LOCAL", way=Way.RECEIVED)
    if called.call_class not in INLAND:
        return _priced(
            record,
            caller.tariff.voice.get(called.call_class),
            item=ITEM_OF_CLASS[called.call_class],
            way=Way.ABROAD,
        )
    if record.call_type == "cf":
        return _forwarded(record, caller=caller, call_class=called.call_class)
    if _is_vpn_call(record, caller=caller, called=called, directory=directory):
        return _vpn(record, caller=caller, call_class=called.call_class)
    return _originated(record, caller=caller, call_class=called.call_class)


def _text(record: UsageRecord, *, caller: Caller) -> Basis | None:
    price = caller.tariff.sms_hao
    if price is None:
        return None
    allowance = Allowance(kind="sms", owner=caller.subscription, limit=caller.sms)
    return _basis(
        record,
        item="SMS",
        way=Way.SMS,
        quantity=1,
        draws=(allowance,),
        rest=UnitPrice(unit_hao=price),
    )


def _data(record: UsageRecord, *, caller: Caller) -> Basis | None:
    price = caller.tariff.data_kb_hao
    if price is None:
        return None
    allowance = Allowance(kind="data_kb", owner=caller.subscription, limit=caller.data_kb)
    return _basis(
        record,
        item="DATA",
        way=Way.DATA,
        quantity=record.volume_kb,
        draws=(allowance,),
        rest=UnitPrice(unit_hao=price),
    )


def _originated(record: UsageRecord, *, caller: Caller, call_class: CallClass) -> Basis | None:
    """Source: RAT-4, RAT-8 in a pool; else the plan's minutes and tariff (RAT-13)."""
    item = ITEM_OF_CLASS[call_class]
    if caller.is_in_pool:
        return _pooled(record, caller=caller, item=item, way=Way.POOL)
    return _by_plan(record, caller=caller, call_class=call_class, item=item, way=Way.PLAN)


def _forwarded(record: UsageRecord, *, caller: Caller, call_class: CallClass) -> Basis | None:
    """Source: RAT-7. A plan's allowance covers nothing of a 2G's or 3G's forwarded leg."""
    if caller.service == "fixed":
        if caller.is_in_pool:
            return _pooled(record, caller=caller, item="VOICE_FORWARD", way=Way.FORWARD_POOL)
        return _by_plan(
            record,
            caller=caller,
            call_class=call_class,
            item="VOICE_FORWARD",
            way=Way.FORWARD_PLAN,
        )
    forward = caller.tariff.voice.get("forward")
    if forward is None:
        return None
    forward_hao = price_blocks(forward, duration_s=record.duration_s)
    if caller.service != "m2g" or call_class is not CallClass.DOMESTIC:
        return _priced(record, forward, item="VOICE_FORWARD", way=Way.FORWARD)
    if caller.is_in_pool:
        pooled = _pooled(record, caller=caller, item="VOICE_FORWARD", way=Way.FORWARD_DOMESTIC_POOL)
        return replace(pooled, surcharge_hao=forward_hao)
    leg = _priced(
        record,
        caller.tariff.voice.get(CallClass.DOMESTIC),
        item="VOICE_FORWARD",
        way=Way.FORWARD_DOMESTIC,
    )
    return replace(leg, surcharge_hao=forward_hao) if leg else None


def _vpn(record: UsageRecord, *, caller: Caller, call_class: CallClass) -> Basis | None:
    """Source: RAT-9, RAT-10."""
    membership = caller.membership
    assert membership is not None
    if caller.service == "m3g":
        own = Allowance(kind="vpn", owner=caller.subscription, limit=membership.vpn_3g_minutes)
        by_plan = _by_plan(
            record, caller=caller, call_class=call_class, item="VOICE_VPN", way=Way.VPN_3G
        )
        return replace(by_plan, draws=(own, *by_plan.draws)) if by_plan else None
    shared = Allowance(kind="vpn", owner=membership.bundle, limit=membership.vpn_minutes)
    if caller.is_in_pool:
        pooled = _pooled(record, caller=caller, item="VOICE_VPN", way=Way.VPN_POOL)
        return replace(pooled, draws=(shared, *pooled.draws))
    return _basis(
        record,
        item="VOICE_VPN",
        way=Way.VPN_ONLY,
        quantity=record.minutes,
        draws=(shared,),
        rest=UnitPrice(unit_hao=membership.overflow_hao),
    )


def _roaming(
    record: UsageRecord, *, caller: Caller, called: Called | None, abroad: str | None
) -> Basis | None:
    """Source: RAT-6, RAT-17."""
    if abroad:
        kind = abroad
    elif called is None:
        kind = "roaming_mt"
    elif called.call_class in (CallClass.HMT, CallClass.INTERNATIONAL):
        kind = str(called.call_class)
    else:
        kind = "roaming_mo"
    return _priced(record, caller.tariff.voice.get(kind), item="VOICE_ROAMING", way=Way.ROAMING)


def _is_away(record: UsageRecord, *, caller: Caller) -> bool:
    return caller.service != "fixed" and record.visited_area not in ("", caller.area)


def _roaming_abroad(record: UsageRecord, *, caller: Caller, plan: NumberPlan) -> str | None:
    if not _is_away(record, caller=caller):
        return None
    if record.visited_area.startswith(plan.hmt):
        return "roaming_hmt"
    if record.visited_area.startswith(plan.international):
        return "roaming_international"
    return None


def _is_vpn_call(
    record: UsageRecord, *, caller: Caller, called: Called, directory: Directory
) -> bool:
    if caller.membership is None or _is_away(record, caller=caller):
        return False
    reached = directory.subscriber(called.number)
    return (
        reached is not None
        and reached.bundle == caller.membership.bundle
        and reached.area == caller.area
    )


def _pooled(record: UsageRecord, *, caller: Caller, item: str, way: Way) -> Basis:
    membership = caller.membership
    assert membership is not None
    pool = Allowance(kind="pool", owner=membership.bundle, limit=membership.pool_minutes)
    return _basis(
        record,
        item=item,
        way=way,
        quantity=record.minutes,
        draws=(pool,),
        rest=UnitPrice(unit_hao=membership.overflow_hao),
    )


def _by_plan(
    record: UsageRecord, *, caller: Caller, call_class: CallClass, item: str, way: Way
) -> Basis | None:
    basis = _priced(record, caller.tariff.voice.get(call_class), item=item, way=way)
    own = Allowance(kind="minutes", owner=caller.subscription, limit=caller.minutes)
    return replace(basis, draws=(own,)) if basis else None


def _priced(record: UsageRecord, price: BlockPrice | None, *, item: str, way: Way) -> Basis | None:
    if price is None:
        return None
    return _basis(record, item=item, way=way, quantity=record.minutes, rest=price)


def _basis(
    record: UsageRecord,
    *,
    item: str,
    way: Way,
    quantity: int = 0,
    draws: tuple[Allowance, ...] = (),
    rest: BlockPrice | UnitPrice | None = None,
    info_fee_hao: int | None = None,
) -> Basis:
    return Basis(
        record_id=record.record_id,
        end_at=record.end_at,
        item=item,
        way=way,
        quantity=quantity,
        duration_s=record.duration_s,
        draws=draws,
        rest=rest,
        info_fee_hao=record.info_fee_hao if info_fee_hao is None else info_fee_hao,
    )


def _area(subscriber: Subscriber | None) -> str | None:
    return subscriber.area if subscriber else None
