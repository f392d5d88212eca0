"""What a composition means for the work in the network. Source: ACC-7, PAR-2, PAR-3, PAR-9."""

from collections.abc import Mapping

from customers.rules.services import SERVICES
from orders.rules.parsing import BundleShape, Part
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.composition import Composition, paid_by_unified_account


def shape_of(
    composition: Composition, services: Mapping[int, str], catalogue: Catalogue
) -> BundleShape:
    """The shape of a bundle; ``services`` says what each of its subscriptions is."""
    kinds = composition.parts(catalogue)
    return BundleShape(
        scheme=composition.scheme,
        tier=composition.tier,
        parts=tuple(
            Part(
                member,
                kinds[member],
                merged=paid_by_unified_account(
                    part=kinds[member],
                    service=services[member],
                    separate_3g=composition.separate_3g,
                ),
            )
            for member in composition.members
        ),
        speed_kbps=composition.needed_kbps(catalogue),
        static_ip=composition.has_static_ip(catalogue),
        includes_vas={
            service: catalogue.products_for(composition.offering, service) for service in SERVICES
        },
    )
