"""What the rules must know of a customer and of a subscription that is, or would be, a member."""

from dataclasses import dataclass

INDIVIDUAL = "individual"
BLACK = "black"
POSTPAID = "postpaid"
ENTERPRISE_LINE = "enterprise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A customer, as the eligibility rules see it."""

    customer_id: int
    kind: str
    name: str
    listed: str = "none"

    @property
    def is_black(self) -> bool:
        return self.listed == BLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A subscription: ``plan`` is its own single-user plan; ``bundle_id`` the bundle it is in.

    ``in_force`` tells a member in force from one that is only locked by an accepted order.
    """

    subscription_id: int
    number: str
    service: str
    owner: Owner
    plan: str
    line: str = ENTERPRISE_LINE
    payment: str = POSTPAID
    real_name: bool = True
    bundle_id: int | None = None
    part: str = ""
    in_force: bool = False
    in_arrears: bool = False
    in_term: bool = False
