"""What can be asked of a second person: the table named by ``settings.APPROVAL_KINDS``."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from bss.kernel.models import Approval, Staff
from bss.kernel.sentences import read, stored

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what will be done; with ``before`` it reads before → value.

    ``label`` and ``value`` are Chinese message ids, names or figures, the value also several of
    them; never clear personal data.
    """

    label: str
    value: object = ""
    before: object | None = None


class Perform(Protocol):
    def __call__(self, approval: Approval, *, at: datetime) -> dict[str, Any] | None:
        """Do what ``approval.payload`` says, in the caller's transaction; what it gives is kept.

        Raises: RefusedError or BadInputError: it cannot be done now, and stays asked.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom or what an act is about, so that one query says it of a whole list of acts.

    ``ids`` are those in the payload; ``reached`` gives which of many ids a person reaches.
    """

    ids: Callable[[Payload], Collection[int]]
    reached: Callable[[Staff, Collection[int]], Collection[int]]


def _everyone(staff: Staff, payload: Payload) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalKind:
    """One kind of act under four eyes.

    ``permission`` is the approver's. ``describe`` says exactly what will be done, from the ids in
    the payload and the rows as they are now; ``lock`` keeps those rows as described until it is
    done. ``about`` says whom it is about, all of whom an approver must reach; ``reached_by`` asks
    in another way, once for each act.
    """

    permission: str
    title: str
    describe: Callable[[Payload], Sequence[Line]]
    perform: Perform
    valid_for: timedelta
    lock: Callable[[Payload], object] | None = None
    about: About | None = None
    reached_by: Callable[[Staff, Payload], bool] = _everyone


def kinds() -> Mapping[str, ApprovalKind]:
    """Every kind, by its name."""
    table: Mapping[str, ApprovalKind] = import_string(settings.APPROVAL_KINDS)
    return table


def reached_of(staff: Staff, asked: Sequence[Approval]) -> list[Approval]:
    """Those of the approvals whose subject this person reaches; one query for each sort of it."""
    table = kinds()
    wanted: dict[Callable[..., Collection[int]], set[int]] = defaultdict(set)
    for approval in asked:
        if about := table[approval.kind].about:
            wanted[about.reached].update(about.ids(approval.payload))
    found = {reached: set(reached(staff, ids)) for reached, ids in wanted.items()}
    return [one for one in asked if _is_reached(table[one.kind], one, staff, found)]


def _is_reached(
    kind: ApprovalKind,
    approval: Approval,
    staff: Staff,
    found: Mapping[Callable[..., Collection[int]], set[int]],
) -> bool:
    if kind.about is not None:
        return found[kind.about.reached].issuperset(kind.about.ids(approval.payload))
    return kind.reached_by(staff, approval.payload)


def shown_lines(kind: ApprovalKind, payload: Payload) -> list[dict[str, Any]]:
    """What an approver is shown, as it is stored: in the words of the message ids.

    Raises: BadInputError, when the payload speaks of what is not there.
    """
    with translation.override(None):  # the same text whoever reads it
        return [
            {"label": stored(line.label), "value": stored(line.value)}
            | ({} if line.before is None else {"before": stored(line.before)})
            for line in kind.describe(payload)
        ]


def lines_of(approval: Approval) -> list[Line]:
    """The stored lines again; sentences know their facts, so that a page can translate them."""
    return [
        Line(
            str(read(row["label"])),
            read(row["value"]),
            read(row["before"]) if "before" in row else None,
        )
        for row in approval.shown
    ]


def digest_of(kind: str, payload: Payload, shown: Sequence[Mapping[str, Any]]) -> str:
    """The fingerprint of an act: what was shown is what is done."""
    whole = json.dumps([kind, payload, list(shown)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()
