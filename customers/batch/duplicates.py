"""Finding pairs of customers that may be one, over all of them; run every night."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from bss.kernel import audit
from customers.models import Customer, DuplicatePair
from customers.queries.duplicate_candidates import Candidate, candidates
from customers.rules.likeness import likeness_percent, pair_score

LOT = 2000
REFRESHED = ("same_document", "same_phone", "likeness_percent", "score", "found_at")


@transaction.atomic
def find_duplicates(*, at: datetime) -> int:
    """Keep what was found; give how many pairs wait for a person.

    What was decided stays decided. A pair that is no longer alike, because a record was corrected,
    leaves the list.
    """
    for lot in _lots(candidates()):
        DuplicatePair.objects.bulk_create(
            _pairs(lot, at=at),
            update_conflicts=True,
            unique_fields=["first", "second"],
            update_fields=REFRESHED,
        )
    waiting = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN)
    gone, _ = waiting.filter(found_at__lt=at).delete()
    count = waiting.count()
    audit.record(
        action="customer.find_duplicates",
        subject="customers:duplicates",
        at=at,
        detail={"waiting": count, "gone": gone},
    )
    return count


def _pairs(lot: list[Candidate], *, at: datetime) -> list[DuplicatePair]:
    keys = {key for one in lot for key in (one.first_id, one.second_id)}
    names = dict(Customer.objects.filter(pk__in=keys).values_list("pk", "name_bigrams"))
    found = []
    for one in lot:
        alike = likeness_percent(names[one.first_id], names[one.second_id])
        score = pair_score(
            same_document=one.same_document, same_phone=one.same_phone, likeness_percent=alike
        )
        if score:
            found.append(
                DuplicatePair(
                    first_id=one.first_id,
                    second_id=one.second_id,
                    same_document=one.same_document,
                    same_phone=one.same_phone,
                    likeness_percent=alike,
                    score=score,
                    found_at=at,
                )
            )
    return found


def _lots(found: Iterable[Candidate]) -> Iterator[list[Candidate]]:
    rest = iter(found)
    while lot := list(islice(rest, LOT)):
        yield lot
