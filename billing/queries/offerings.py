"""What a re-rating can be about, in the reader's words."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from packages_wo.queries.catalogue import NoCatalogueError, catalogue_on
from packages_wo.queries.names import plan_name
from packages_wo.rules.catalogue import Catalogue

Choices = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def offering_choices(day: date) -> Choices:
    """Groups of (word, name): bundles and their tiers, packs, plans, tariffs."""
    try:
        catalogue = catalogue_on(day)
    except NoCatalogueError:
        return []
    return [
        (_("融合套餐"), _bundles(catalogue)),
        (_("加装包"), [(f"pack:{pack.code}", _(pack.name)) for pack in catalogue.packs.values()]),
        (
            _("单产品套餐"),
            [(f"plan:{plan.code}", plan_name(plan)) for plan in catalogue.plans.values()],
        ),
        (_("资费"), [(f"tariff:{code}", code) for code in catalogue.tariffs]),
    ]


def offering_names(day: date) -> Callable[[str], str]:
    """What a chosen offering is called; what the day's catalogue has not is its own name."""
    names = {value: name for _group, rows in offering_choices(day) for value, name in rows}
    names[""] = _("全部产品")
    return lambda word: names.get(word, word)


def _bundles(catalogue: Catalogue) -> list[tuple[str, str]]:
    rows = []
    for offering in catalogue.offerings.values():
        name = _(offering.name)
        rows.append((f"bundle:{offering.code}", _("%(name)s 各档") % {"name": name}))
        rows += [
            (
                f"tier:{offering.code}:{tier.code}",
                _("%(name)s %(tier)s 档") % {"name": name, "tier": tier.code},
            )
            for tier in offering.tiers.values()
        ]
    return rows
