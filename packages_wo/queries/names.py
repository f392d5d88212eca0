"""What the catalogue's codes are called, in the reader's language."""

from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

from bss.kernel.units import yuan
from customers.models import Service
from packages_wo.queries.catalogue import NoCatalogueError, catalogue_on
from packages_wo.rules.catalogue import Catalogue, Plan

KINDS = {"standard": _n("标准"), "modular": _n("模块"), "promotional": _n("优惠")}


def offering_names(day: date) -> dict[str, str]:
    """Offering code → its name, also under the codes it is sold as.

    Empty as long as no catalogue is loaded.
    """
    try:
        return _offerings(catalogue_on(day))
    except NoCatalogueError:
        return {}


def plan_name(plan: Plan) -> str:
    """A single plan by what tells it from the others: M2G-STD → 2G 标准 50 元."""
    words = [_(Service(plan.service).label)]
    if plan.kind:
        words.append(_(KINDS[plan.kind]) if plan.kind in KINDS else plan.kind)
    if plan.speed_kbps:
        words.append(f"{plan.speed_kbps / 1024:g} Mbps")
    words.append(_("%(yuan)s 元") % {"yuan": yuan(plan.monthly_fen).removesuffix(".00")})
    return " ".join(words)


def plan_names(day: date) -> Callable[[str], str]:
    """The name of a single plan or of a bundle's plan, by its code.

    ``basic-A-106`` → 沃·商务基础版 A 106. A code that the day's catalogue has not is its own name.
    """
    try:
        catalogue = catalogue_on(day)
    except NoCatalogueError:
        return str
    offerings = _offerings(catalogue)
    singles = {code: plan_name(plan) for code, plan in catalogue.plans.items()}

    def name(code: str) -> str:
        if code in singles:
            return singles[code]
        offering, _dash, rest = code.partition("-")
        if offering not in offerings:
            return code
        return f"{offerings[offering]} {rest.replace('-', ' ')}".strip()

    return name


def _offerings(catalogue: Catalogue) -> dict[str, str]:
    names = {code: _(offering.name) for code, offering in catalogue.offerings.items()}
    return names | {alias: names[code] for alias, code in catalogue.aliases.items()}
