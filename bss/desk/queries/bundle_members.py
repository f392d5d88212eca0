"""Who is in a bundle, with what part, who joins and who leaves."""

from dataclasses import dataclass
from datetime import date

from customers.models import Subscription
from packages_wo.models import Bundle, BundleChange, Membership
from packages_wo.rules.composition import Composition

ON_THE_WAY = (BundleChange.State.ACCEPTED, BundleChange.State.SCHEDULED)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One member; ``standing`` is a state of the kind "member"."""

    subscription: Subscription
    part: str
    standing: str
    main: bool
    since: date | None
    until: date | None


def member_rows(
    bundle: Bundle, changes: list[BundleChange], composition: Composition
) -> list[MemberRow]:
    """Members in order, then those who have left; one query."""
    found = Membership.objects.filter(bundle=bundle).exclude(state=Membership.State.CANCELLED)
    rows = list(found.select_related("subscription").order_by("position", "id"))
    rows.sort(key=lambda row: row.state == Membership.State.ENDED)
    stays = _who_stays(changes)
    return [
        MemberRow(
            subscription=row.subscription,
            part=row.get_part_display(),
            standing=_standing(row, stays),
            main=row.subscription_id == composition.main,
            since=row.valid_from,
            until=row.valid_until,
        )
        for row in rows
    ]


def _who_stays(changes: list[BundleChange]) -> set[int] | None:
    """The members after the change on the way; None when none is."""
    for change in changes:
        if change.state in ON_THE_WAY and change.kind != BundleChange.Kind.OPEN:
            if change.kind == BundleChange.Kind.CANCEL:
                return set()
            terminals = {pack["terminal"] for pack in change.packs if pack["terminal"]}
            return set(change.base) | terminals
    return None


def _standing(row: Membership, stays: set[int] | None) -> str:
    if row.state == Membership.State.PENDING:
        return "joining"
    if row.state == Membership.State.ENDED:
        return "left"
    return "leaving" if stays is not None and row.subscription_id not in stays else "active"
