"""When a month may be billed without a person looking: what a rehearsal found, against bounds.

Source: BIL-6. Units: fen; shares in per mille of the bills.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bss.kernel.errors import Sentence
from bss.kernel.units import yuan

TOTAL = "帐单合计比上月%(way)s %(percent)s%%(%(before)s 元 → %(after)s 元)，超过 %(bound)s%%。"
ITEM = "%(item)s比上月%(way)s %(percent)s%%(%(before)s 元 → %(after)s 元)，超过 %(bound)s%%。"
COUNT = "%(what)s %(count)s 个，超过帐单数的 %(bound)s‰。"
MORE, LESS = "多", "少"
COUNTED: Mapping[str, str] = {
    "negative": "负数帐单",
    "zero": "零元帐单",
    "gone": "上月有帐单而本月没有的帐户",
    "parked": "因有错而搁置的帐户",
    "uncharged": "在用而没有任何费用的用户",
    "unbilled": "已批价而没有出帐的话单",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSum:
    """A charge item of the month and of the month before."""

    item: str
    label: str
    fen: int
    before_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rehearsal found; ``counts`` by the keys of COUNTED."""

    bills: int
    total_fen: int
    before_bills: int
    before_fen: int
    items: Sequence[ItemSum]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Beyond which a person looks. A house with few bills last month is not compared with it.

    ``few`` of anything odd are never too many: a small house would else wait for every one.
    """

    total_percent: int = 30
    item_percent: int = 50
    item_weighs_percent: int = 2
    compared_from_bills: int = 100
    count_per_mille: int = 5
    few: int = 20


def beyond(found: Found, bounds: Bounds) -> list[Sentence]:
    """What is beyond the bounds, in sentences; none: the run approves itself."""
    return [*_changes(found, bounds), *_counts(found, bounds)]


def _changes(found: Found, bounds: Bounds) -> Iterator[Sentence]:
    if found.before_bills < bounds.compared_from_bills:
        return
    if _percent(found.before_fen, found.total_fen) > bounds.total_percent:
        yield _sentence(TOTAL, found.before_fen, found.total_fen, bounds.total_percent)
    for one in found.items:
        weighs = max(abs(one.fen), abs(one.before_fen)) * 100
        heavy = weighs >= bounds.item_weighs_percent * max(1, abs(found.before_fen))
        if heavy and _percent(one.before_fen, one.fen) > bounds.item_percent:
            yield _sentence(ITEM, one.before_fen, one.fen, bounds.item_percent, item=one.label)


def _counts(found: Found, bounds: Bounds) -> Iterator[Sentence]:
    for name, what in COUNTED.items():
        count = found.counts[name]
        share = bounds.count_per_mille * max(found.bills, found.before_bills)
        if count > bounds.few and count * 1000 > share:
            yield Sentence(COUNT, what=Sentence(what), count=count, bound=bounds.count_per_mille)


def _percent(before_fen: int, after_fen: int) -> int:
    """How far it moved, rounded up; from nothing to something counts as all of it."""
    if before_fen == after_fen:
        return 0
    return -(-abs(after_fen - before_fen) * 100 // max(1, abs(before_fen)))


def _sentence(words: str, before_fen: int, after_fen: int, bound: int, **facts: str) -> Sentence:
    return Sentence(
        words,
        way=Sentence(MORE if after_fen > before_fen else LESS),
        percent=_percent(before_fen, after_fen),
        before=yuan(before_fen),
        after=yuan(after_fen),
        bound=bound,
        **{name: Sentence(value) for name, value in facts.items()},
    )
