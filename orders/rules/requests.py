"""What an order asks for: frozen requests, with database ids, that services and pages share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SINGLE_USER_TYPES = (
    "hold",
    "resume",
    "change_plan",
    "change_number",
    "replace_sim",
    "transfer",
    "open_vas",
    "close_vas",
    "terminate",
)

# Services that are brought to a place, so that a new one says where.
AT_AN_ADDRESS = frozenset({"fixed", "broadband"})

# A subscription: its id, or the key under which the same order's ``new`` names it.
Named = int | str


@dataclass(frozen=True, slots=True)
class NewSubscription:
    """A subscription that the order installs; its owner is the order's customer by default."""

    key: str
    service: str
    number: str
    plan: str
    owner_id: int | None = None
    area: str = ""
    line: str = "enterprise"
    payment: str = "postpaid"
    real_name: bool = True
    install_address: str = ""


@dataclass(frozen=True, slots=True)
class PackChoice:
    """A pack, with the terminal that it adds."""

    pack: str
    terminal: Named | None = None


@dataclass(frozen=True, slots=True)
class OpenBundleOrder:
    """开通. The unified account: one in use (``account_id``), or by ``account_name``, made new.

    ``consents`` are the members whose owners signed (ELG-2); None when the form was signed by all.
    """

    customer_id: int
    offering: str
    scheme: str
    tier: int
    members: tuple[Named, ...]
    account_id: int | None = None
    account_name: str = ""
    packs: tuple[PackChoice, ...] = ()
    main: Named | None = None
    separate_3g: bool = False
    filed_by_manager: bool = False
    documents: tuple[str, ...] | None = None
    new: tuple[NewSubscription, ...] = ()
    consents: tuple[Named, ...] | None = None
    type: str = "open_bundle"


@dataclass(frozen=True, slots=True)
class ChangeBundleOrder:
    """变更. ``packs`` is the whole new list, None leaves them as they are."""

    customer_id: int
    bundle_id: int
    tier: int | None = None
    add: tuple[Named, ...] = ()
    remove: tuple[int, ...] = ()
    packs: tuple[PackChoice, ...] | None = None
    new: tuple[NewSubscription, ...] = ()
    consents: tuple[Named, ...] | None = None
    type: str = "change_bundle"


@dataclass(frozen=True, slots=True)
class CancelBundleOrder:
    """解除, with the new plan of each member that has the bundle's (CAN-4).

    ``breach_recorded``: a supervisor has recorded the breach of a prepaid term (ELG-10).
    """

    customer_id: int
    bundle_id: int
    new_plans: Mapping[int, str] = field(default_factory=dict)
    breach_recorded: bool = False
    type: str = "cancel_bundle"


@dataclass(frozen=True, slots=True)
class SingleOrder:
    """单用户业务: one business of one subscription, with what its type needs."""

    type: str
    customer_id: int
    subscription_id: int
    plan: str = ""
    number: str = ""
    to_customer_id: int | None = None
    vas: str = ""


BundleOrder = OpenBundleOrder | ChangeBundleOrder | CancelBundleOrder
AnyOrder = BundleOrder | SingleOrder
