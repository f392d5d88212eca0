"""What each record asks for, before any allowance is drawn: ``billing.rules.rating`` in columns.

Source: RAT-1, RAT-4 … RAT-10, RAT-16 … RAT-18.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.batch.usage import numbers, terms
from billing.batch.usage.columns import Columns, Shaped
from billing.batch.usage.directory import Held
from billing.batch.usage.found import NOWHERE
from billing.batch.usage.terms import FIXED, M2G, M3G, NO_BUNDLE, MonthTerms
from billing.batch.usage.ways import HAS_SURCHARGE, ITEM, PRICE, number_of
from billing.batch.usage.words import Flags, Ints
from billing.rules.charging import Price
from billing.rules.house import ITEMS
from billing.rules.rating import ITEM_OF_CLASS
from billing.rules.usage_record import CALL_TYPES
from billing.rules.ways import Way

MO, MT, CF, TEXT, DATA_SESSION = range(len(CALL_TYPES))
_ITEM_OF_CLASS = np.array(
    [ITEMS.index(ITEM_OF_CLASS[one]) for one in numbers.CLASSES] + [ITEMS.index("VOICE_LOCAL")],
    np.int8,
)  # the last one, at -1, is a call without a called number


@dataclass(slots=True)
class Asked(Columns):
    """Records priced but for their allowances. Units: ``quantity`` minutes, texts or KB.

    ``caller`` is a row of the month's ``Callers``; ``rate`` and ``surcharge`` rows of its prices.
    """

    caller: NDArray[np.int32]
    way: NDArray[np.int8]
    item: NDArray[np.int8]
    rate: NDArray[np.int32]
    surcharge: NDArray[np.int32]
    quantity: Ints
    end_us: Ints
    duration_s: Ints
    info_fee_hao: Ints


def ask(
    records: Shaped,
    *,
    subscription: Ints,
    area_value: Ints,
    area_digits: Ints,
    reached: Held,
    month: MonthTerms,
) -> tuple[Asked, Flags]:
    """What records of one month ask for, and which of them the catalogue prices."""
    callers = month.callers
    caller = callers.places.find(subscription)
    service = callers.service[caller]
    shares = callers.shares_pool[caller]
    bundle = callers.bundle[caller]
    call_type = records.call_type

    call_class, number, number_digits = _classes(records, area_value, area_digits, reached, month)
    own_area = (records.visited_value == area_value) & (records.visited_digits == area_digits)
    nowhere = (records.visited_digits == 0) & ~records.visited_is_text
    away = (service != FIXED) & ~nowhere & (records.visited_is_text | ~own_area)
    hmt, abroad = _abroad(records, away, month)
    is_vpn = _vpn_calls(
        records, call_class, number, number_digits, away, bundle, area_value, area_digits,
        reached, month,
    )  # fmt: skip

    way = _ways(records, call_class, service, shares, away, hmt | abroad, is_vpn)
    kind = np.where(call_class > numbers.FREE, call_class, 0).astype(np.int64)
    roaming = way == number_of(Way.ROAMING)
    kind[roaming] = np.select(
        [hmt[roaming], abroad[roaming], call_type[roaming] == MT,
         (call_class[roaming] == numbers.HMT) | (call_class[roaming] == numbers.INTERNATIONAL)],
        [terms.ROAMING_HMT, terms.ROAMING_INTERNATIONAL, terms.ROAMING_MT, kind[roaming]],
        terms.ROAMING_MO,
    )  # fmt: skip
    kind[way == number_of(Way.FORWARD)] = terms.FORWARD
    kind[call_type == TEXT] = terms.SMS
    kind[call_type == DATA_SESSION] = terms.DATA

    safe_way = np.maximum(way, 0)
    tariff = callers.tariff[caller]
    needs_rate = (PRICE[safe_way] != Price.NOTHING) & (PRICE[safe_way] != Price.OVERFLOW)
    rate = np.where(needs_rate, month.prices.row_of[tariff, kind], NOWHERE)
    surcharge = np.where(
        HAS_SURCHARGE[safe_way], month.prices.row_of[tariff, terms.FORWARD], NOWHERE
    )
    is_priced = (way >= 0) & (~needs_rate | (rate != NOWHERE))
    is_priced &= ~HAS_SURCHARGE[safe_way] | (surcharge != NOWHERE)

    item = ITEM[safe_way]
    item = np.where(item < 0, _ITEM_OF_CLASS[call_class], item)
    minutes = (records.duration_s + 59) // 60
    quantity = np.where(call_type == DATA_SESSION, records.volume_kb, minutes)
    quantity[call_type == TEXT] = 1
    is_free = PRICE[safe_way] == Price.NOTHING
    quantity[is_free] = 0
    no_fee = (way == number_of(Way.FREE_NUMBER)) | (way == number_of(Way.ZERO_SECONDS))
    return Asked(
        caller=caller,
        way=safe_way.astype(np.int8),
        item=item.astype(np.int8),
        rate=rate.astype(np.int32),
        surcharge=surcharge.astype(np.int32),
        quantity=quantity,
        end_us=records.end_us,
        duration_s=records.duration_s,
        info_fee_hao=np.where(no_fee, 0, records.info_fee_hao),
    ), is_priced


def _classes(
    records: Shaped, area_value: Ints, area_digits: Ints, reached: Held, month: MonthTerms
) -> tuple[Ints, Ints, Ints]:
    """The class of the called number, NO_CLASS without one, and the complete number."""
    calls = (records.call_type == MO) | (records.call_type == CF)
    rows = np.flatnonzero(calls)
    value, digits = month.kinds.plain(
        records.other_value[rows],
        records.other_digits[rows],
        records.other_plus[rows],
    )
    kind = month.kinds.kinds(value, digits).astype(np.int64)
    here_value, here_digits = area_value[rows], area_digits[rows]

    in_area = kind == numbers.IN_AREA
    full_value = np.where(in_area, np.maximum(here_value, 0) * numbers.power(digits) + value, value)
    full_digits = np.where(in_area, here_digits + digits, digits)
    kind[in_area] = numbers.LOCAL

    by_area = np.flatnonzero(kind == numbers.BY_AREA)
    top = value[by_area] // numbers.power(digits[by_area] - here_digits[by_area])
    is_home = (here_digits[by_area] > 0) & (digits[by_area] >= here_digits[by_area])
    is_home &= top == here_value[by_area]
    kind[by_area] = np.where(is_home, numbers.LOCAL, numbers.DOMESTIC)

    mobile = np.flatnonzero(kind == numbers.MOBILE)
    held, _ = reached.find(
        numbers.code_of_parts(value[mobile], digits[mobile]), records.start_us[rows[mobile]]
    )
    ours = held != NOWHERE
    at = np.maximum(held, 0)
    home = _home_area(here_value[mobile], here_digits[mobile], month)
    is_home = month.segments.are_home(numbers.segment_of(value[mobile]), home)
    if ours.any():
        same = (reached.area_value[at] == here_value[mobile]) & (
            reached.area_digits[at] == here_digits[mobile]
        )
        is_home = np.where(ours, same, is_home)
    kind[mobile] = np.where(is_home, numbers.LOCAL, numbers.DOMESTIC)

    call_class = np.full(len(records), numbers.NO_CLASS, np.int64)
    number, number_digits = np.zeros((2, len(records)), np.int64)
    call_class[rows], number[rows], number_digits[rows] = kind, full_value, full_digits
    return call_class, number, number_digits


def _home_area(value: Ints, digits: Ints, month: MonthTerms) -> Ints:
    found = np.full(len(value), -1, np.int64)
    for row, (home, length) in enumerate(zip(month.home_values, month.home_digits, strict=True)):
        found[(value == home) & (digits == length)] = row
    return found


def _abroad(records: Shaped, away: Flags, month: MonthTerms) -> tuple[Flags, Flags]:
    """Roaming in Hong Kong, Macao or Taiwan; roaming in another country."""
    hmt, abroad = np.zeros((2, len(records)), np.bool_)
    rows = np.flatnonzero(away)
    value, digits = records.visited_value[rows], records.visited_digits[rows].astype(np.int64)
    hmt[rows] = month.kinds.hmt.begin(value, digits)
    abroad[rows] = month.kinds.international.begin(value, digits) & ~hmt[rows]
    return hmt, abroad


def _vpn_calls(
    records: Shaped,
    call_class: Ints,
    number: Ints,
    digits: Ints,
    away: Flags,
    bundle: Ints,
    area_value: Ints,
    area_digits: Ints,
    reached: Held,
    month: MonthTerms,
) -> Flags:
    """Calls to a member of the caller's own bundle, both at home in one area. Source: RAT-9."""
    is_vpn = np.zeros(len(records), np.bool_)
    rows = np.flatnonzero(
        (records.call_type == MO) & (bundle != NO_BUNDLE) & ~away & (call_class >= 0)
    )
    held, _ = reached.find(
        numbers.code_of_parts(number[rows], digits[rows]), records.start_us[rows]
    )
    ours = held != NOWHERE
    rows, held = rows[ours], held[ours]
    callee = month.callers.places.find(reached.subscription[held])
    is_vpn[rows] = (
        (callee != NOWHERE)
        & (month.callers.bundle[callee] == bundle[rows])
        & (reached.area_value[held] == area_value[rows])
        & (reached.area_digits[held] == area_digits[rows])
    )
    return is_vpn


def _ways(
    records: Shaped,
    call_class: Ints,
    service: NDArray[np.int8],
    shares: Flags,
    away: Flags,
    abroad: Flags,
    is_vpn: Flags,
) -> Ints:
    """The way of each record, -1 without any; the first that fits, from the last to the first."""
    call_type = records.call_type
    way = np.where(shares, number_of(Way.POOL), number_of(Way.PLAN))
    vpn = np.flatnonzero(is_vpn)
    way[vpn] = np.where(
        service[vpn] == M3G,
        number_of(Way.VPN_3G),
        np.where(shares[vpn], number_of(Way.VPN_POOL), number_of(Way.VPN_ONLY)),
    )
    forwarded = np.flatnonzero(call_type == CF)
    way[forwarded] = _forwarding(
        service[forwarded], shares[forwarded], call_class[forwarded] == numbers.DOMESTIC
    )
    way[(call_class == numbers.HMT) | (call_class == numbers.INTERNATIONAL)] = number_of(Way.ABROAD)
    way[call_type == MT] = number_of(Way.RECEIVED)
    way[abroad | (service == M2G) & away] = number_of(Way.ROAMING)
    way[records.duration_s == 0] = number_of(Way.ZERO_SECONDS)
    way[call_class == numbers.FREE] = number_of(Way.FREE_NUMBER)
    way[(call_class == numbers.NO_CLASS) & (call_type != MT)] = -1
    way[call_type == TEXT] = number_of(Way.SMS)
    way[call_type == DATA_SESSION] = number_of(Way.DATA)
    return way


def _forwarding(service: NDArray[np.int8], shares: Flags, domestic: Flags) -> Ints:
    """Source: RAT-7."""
    return np.select(
        [
            (service == FIXED) & shares,
            service == FIXED,
            (service != M2G) | ~domestic,
            shares,
        ],
        [
            number_of(Way.FORWARD_POOL),
            number_of(Way.FORWARD_PLAN),
            number_of(Way.FORWARD),
            number_of(Way.FORWARD_DOMESTIC_POOL),
        ],
        number_of(Way.FORWARD_DOMESTIC),
    )
