from packages_wo.models.bundle import (
    Bundle,
    BundleChange,
    BundleTerm,
    Membership,
    Pool,
    TermPack,
)
from packages_wo.models.catalogue import CatalogueVersion, Pack, Plan, TariffRate, Tier
from packages_wo.models.holding import PlanChange, SubscriptionPlan, SubscriptionVas

__all__ = [
    "Bundle",
    "BundleChange",
    "BundleTerm",
    "CatalogueVersion",
    "Membership",
    "Pack",
    "Plan",
    "PlanChange",
    "Pool",
    "SubscriptionPlan",
    "SubscriptionVas",
    "TariffRate",
    "TermPack",
    "Tier",
]
