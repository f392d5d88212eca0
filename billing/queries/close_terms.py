"""The fees and taxes of a month as the catalogue has them, in the shape that the SQL wants."""

from collections.abc import Iterable
from datetime import date

from billing.rules import house
from billing.rules.taxation import kind_of_item, kind_of_service
from bss.kernel.periods import Month
from packages_wo.models import CatalogueVersion
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules.catalogue import Catalogue

SERVICES = ("broadband", "fixed", "m2g", "m3g")


def close_terms(month: Month) -> dict[str, object]:
    """Named parameters of ``bundle_fees``, ``plan_fees``, ``one_off_fees`` and ``usage_charges``.

    Raises: packages_wo.queries.catalogue.NoCatalogueError.
    """
    catalogue = catalogue_on(month.first_day)
    return {
        **_period(month),
        "version": _version_on(month.first_day),
        "scheme_b_percent": catalogue.scheme_b_percent,
        "stop_frees": catalogue.suspended_month == "none",
        "items": list(house.ITEMS),
        **_services(catalogue, month.first_day),
        **_kinds(catalogue, month.first_day),
        **_usage_rates([month.previous, month]),
    }


def _period(month: Month) -> dict[str, object]:
    return {
        "month": month.first_day,
        "month_before": month.previous.first_day,
        "starts_at": month.starts_at,
        "ends_at": month.ends_at,
        "last_day": month.last_day,
        "month_days": month.days,
        "due_on": month.next.last_day,
    }


def _services(catalogue: Catalogue, on: date) -> dict[str, object]:
    return {
        "services": list(SERVICES),
        "service_percents": [
            catalogue.tax.percent_of(kind_of_service(service), on=on) for service in SERVICES
        ],
        "stand_alone_fen": [
            catalogue.stand_alone_monthly_fen.get(service, 0) for service in SERVICES
        ],
        "hold_fen": [catalogue.fees.hold_monthly_fen.get(service, 0) for service in SERVICES],
    }


def _kinds(catalogue: Catalogue, on: date) -> dict[str, object]:
    """Rates of one-off charges, by kind of charge or by the tax category itself."""
    rates = dict(catalogue.tax.percent)
    for kind in catalogue.tax.categories[-1].category:
        rates[kind] = catalogue.tax.percent_of(kind, on=on)
    return {
        "kinds": list(rates),
        "kind_percents": list(rates.values()),
        "other_percent": catalogue.tax.percent_of("voice", on=on),
    }


def _usage_rates(months: Iterable[Month]) -> dict[str, object]:
    """Usage takes the rate of its own month (BIL-4)."""
    rows = []
    for month in months:
        tax = catalogue_on(month.first_day).tax
        rows += [
            (month.first_day, item, tax.percent_of(kind_of_item(item), on=month.first_day))
            for item in house.ITEMS
        ]
    return {
        "usage_months": [row[0] for row in rows],
        "item_names": list(house.ITEMS),
        "usage_items": [row[1] for row in rows],
        "usage_percents": [row[2] for row in rows],
    }


def _version_on(day: date) -> int:
    versions = CatalogueVersion.objects.filter(effective_from__lte=day)
    return versions.order_by("-effective_from", "-id").values_list("pk", flat=True)[0]
