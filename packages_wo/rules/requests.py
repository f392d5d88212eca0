"""What is asked of a bundle: to open, to change, to cancel it. A member is a subscription's id."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from packages_wo.rules.composition import PackIn


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBundle:
    """开通: the base members in order, the packs with their terminals.

    ``documents`` are the types shown. ``consents`` are the subscriptions whose owners consented
    (ELG-2); None when the form was signed by all.
    """

    customer_id: int
    offering: str
    scheme: str
    tier: int
    members: tuple[int, ...]
    packs: tuple[PackIn, ...] = ()
    main: int | None = None
    separate_3g: bool = False
    filed_by_manager: bool = False
    documents: tuple[str, ...] = ()
    consents: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBundle:
    """变更: ``add`` base members, ``remove`` members or terminals; ``packs`` is the whole new list.

    What is None stays as it is.
    """

    bundle_id: int
    tier: int | None = None
    add: tuple[int, ...] = ()
    remove: tuple[int, ...] = ()
    packs: tuple[PackIn, ...] | None = None
    consents: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBundle:
    """解除: the plan that each member with the bundle's plan goes on with (CAN-4)."""

    bundle_id: int
    new_plans: Mapping[int, str] = field(default_factory=dict)
    breach_recorded: bool = False
