"""A bundle order while it is being filled in: kept for the person, outside the browser.

It outlives the session, so that whoever has to sign in again goes on where they were; nothing of
it is business yet, except the numbers held from the pool.
"""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from uuid import uuid4

from django.core.cache import cache

from bss.kernel.sealing import seal, unseal
from customers.models import Customer
from orders.rules.requests import Named

KEPT_S = 24 * 3600
ADDRESS = "order draft.address"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftNew:
    """A number taken from the pool for a new subscription; its address is kept sealed."""

    key: str
    service: str
    number: str
    plan: str
    sealed_address: str = ""

    @property
    def address(self) -> str:
        return unseal(self.sealed_address, bound_to=ADDRESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What has been filled in so far. ``bundle_id``: a change of that bundle, else an opening.

    ``packs`` is (pack, count) of packs without a terminal, ``terminals`` is (who, pack).
    ``reached`` is the last step that may be opened.
    """

    key: str
    customer_id: int
    bundle_id: int | None = None
    documents: tuple[str, ...] = ()
    filed_by_manager: bool = False
    offering: str = ""
    scheme: str = ""
    tier: int | None = None
    others: tuple[int, ...] = ()
    new: tuple[DraftNew, ...] = ()
    members: tuple[Named, ...] = ()
    consents: tuple[Named, ...] = ()
    packs: tuple[tuple[str, int], ...] = ()
    terminals: tuple[tuple[Named, str], ...] = ()
    main: Named | None = None
    separate_3g: bool = False
    account_id: int | None = None
    account_name: str = ""
    service: str = ""
    ending: str = ""
    reached: int = 1

    @property
    def is_change(self) -> bool:
        return self.bundle_id is not None

    def reaching(self, step: int, **changes: Any) -> "Draft":
        return replace(self, reached=max(self.reached, step), **changes)

    def next_new_key(self) -> str:
        taken = {one.key for one in self.new}
        return next(key for n in range(1, 1000) if (key := f"new{n}") not in taken)


def begin(*, staff_id: int | None, customer_id: int, **given: Any) -> Draft:
    draft = Draft(key=uuid4().hex, customer_id=customer_id, **given)
    keep(draft, staff_id=staff_id)
    return draft


def keep(draft: Draft, *, staff_id: int | None) -> None:
    cache.set(_name(staff_id, draft.key), asdict(draft), KEPT_S)


def find(key: str, *, staff_id: int | None) -> Draft | None:
    """The person's own draft; None when it is unknown, ordered, or too old."""
    kept = cache.get(_name(staff_id, key)) if key.isalnum() else None
    if kept is None:
        return None
    known = {field.name for field in fields(Draft)}
    values = {name: value for name, value in kept.items() if name in known}
    return Draft(**values | {"new": tuple(DraftNew(**one) for one in kept["new"])})


def forget(draft: Draft, *, staff_id: int | None) -> None:
    cache.delete(_name(staff_id, draft.key))


def a_new(draft: Draft, *, service: str, number: str, plan: str, address: str) -> DraftNew:
    """One more for the draft; its address is sealed by the customer's data key."""
    key_id = Customer.objects.values_list("data_key", flat=True).get(pk=draft.customer_id)
    sealed = seal(address, key_id=key_id, bound_to=ADDRESS) if address else ""
    return DraftNew(
        key=draft.next_new_key(),
        service=service,
        number=number,
        plan=plan,
        sealed_address=sealed,
    )


def named(text: str) -> Named:
    """A subscription's id, or the key of a new one, as forms carry it."""
    return int(text) if text.isdigit() else text


def _name(staff_id: int | None, key: str) -> str:
    return f"order-draft:{staff_id}:{key}"
