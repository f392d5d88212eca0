"""From what customers come to, to their classes: applied where it may be automatic, else asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from customers.models import ClassMembership, Ladder, LevelChange
from customers.rules.levels import Level, is_automatic, level_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one customer was billed in so many months, and its phones in use."""

    customer_id: int
    ladder: Ladder
    billed_fen: int
    months: int
    phones: int

    @property
    def monthly_fen(self) -> int:
        """The average month, fractions of a fen cut off."""
        return self.billed_fen // self.months if self.months else 0


@dataclass(frozen=True, slots=True)
class _Change:
    standing: Standing
    before: ClassMembership | None
    after: Level | None
    automatic: bool

    @property
    def classes(self) -> tuple[int | None, int | None]:
        before = self.before.customer_class_id if self.before else None
        return before, self.after.class_id if self.after else None


def settle(
    standings: Sequence[Standing], levels: Mapping[str, Sequence[Level]], *, at: datetime
) -> dict[str, int]:
    """Apply or propose; what was proposed and no longer holds lapses. Gives how many of each."""
    keys = [one.customer_id for one in standings]
    changes = _changes(standings, levels, _held(keys))
    at_once = [one for one in changes if one.automatic]
    move_members([(c.standing.customer_id, *c.classes) for c in at_once], by_id=None, at=at)
    LevelChange.objects.bulk_create(
        [_row(c, state=LevelChange.State.APPLIED, at=at) for c in at_once], batch_size=1000
    )
    proposed = _propose([one for one in changes if not one.automatic], keys, at=at)
    return {"applied": len(at_once), "proposed": proposed}


def move_members(
    moves: Iterable[tuple[int, int | None, int | None]],
    *,
    by_id: int | None,
    at: datetime,
    reason: str = "",
) -> None:
    """(customer, class that ends, class that begins), in two statements for all."""
    wanted = list(moves)
    ending = {(key, before) for key, before, _ in wanted if before is not None}
    held = ClassMembership.objects.filter(
        customer__in={key for key, _ in ending}, valid_until__isnull=True
    )
    ended = [row.pk for row in held if (row.customer_id, row.customer_class_id) in ending]
    ClassMembership.objects.filter(pk__in=ended).update(valid_until=at)
    ClassMembership.objects.bulk_create(
        [
            ClassMembership(
                customer_id=key,
                customer_class_id=after,
                valid_from=at,
                reason=reason,
                given_by_id=by_id,
            )
            for key, _, after in wanted
            if after is not None
        ],
        batch_size=1000,
    )


def _held(keys: Sequence[int]) -> dict[tuple[int, str], ClassMembership]:
    """(customer, ladder) → the membership in the best level of it that is held now."""
    rows = ClassMembership.objects.filter(
        customer__in=keys, valid_until__isnull=True, customer_class__level__isnull=False
    ).select_related("customer_class__level")
    return {
        (row.customer_id, row.customer_class.level.ladder): row
        for row in rows.order_by("-customer_class__level__rank")
    }


def _changes(
    standings: Sequence[Standing],
    levels: Mapping[str, Sequence[Level]],
    held: Mapping[tuple[int, str], ClassMembership],
) -> list[_Change]:
    found = []
    for one in standings:
        ladder = levels[one.ladder]
        after = level_of(ladder, billed_fen=one.billed_fen, months=one.months, phones=one.phones)
        before = held.get((one.customer_id, one.ladder))
        if (before.customer_class_id if before else None) == (after.class_id if after else None):
            continue
        left = next((x for x in ladder if before and x.class_id == before.customer_class_id), None)
        by_a_person = before is not None and before.given_by_id is not None
        automatic = is_automatic(before=left, after=after, by_a_person=by_a_person)
        found.append(_Change(one, before, after, automatic))
    return found


def _propose(changes: Sequence[_Change], keys: Sequence[int], *, at: datetime) -> int:
    """What is asked already is asked once; what was declined last is not asked again."""
    wanted = {c.standing.customer_id: c for c in changes}
    waiting = LevelChange.objects.filter(customer__in=keys, state=LevelChange.State.OPEN)
    same, lapsed = set(), []
    for row in waiting:
        change = wanted.get(row.customer_id)
        if change is not None and change.classes == (row.before_id, row.after_id):
            same.add(row.customer_id)
        else:
            lapsed.append(row.pk)
    LevelChange.objects.filter(pk__in=lapsed).update(state=LevelChange.State.LAPSED, decided_at=at)
    declined = LevelChange.objects.filter(customer__in=wanted, state=LevelChange.State.DECLINED)
    said_no = {(row.customer_id, row.before_id, row.after_id) for row in declined}
    fresh = [
        _row(change, state=LevelChange.State.OPEN, at=at)
        for key, change in wanted.items()
        if key not in same and (key, *change.classes) not in said_no
    ]
    LevelChange.objects.bulk_create(fresh, batch_size=1000)
    return len(fresh)


def _row(change: _Change, *, state: str, at: datetime) -> LevelChange:
    before, after = change.classes
    return LevelChange(
        customer_id=change.standing.customer_id,
        ladder=change.standing.ladder,
        before_id=before,
        after_id=after,
        monthly_fen=change.standing.monthly_fen,
        phones=change.standing.phones,
        state=state,
        proposed_at=at,
        decided_at=None if state == LevelChange.State.OPEN else at,
    )
