"""What the catalogue says about rating in a month."""

from dataclasses import dataclass

from billing.rules.numbers import NumberPlan
from billing.rules.tariffs import BlockPrice, Tariff
from bss.kernel.periods import Month
from packages_wo.models import CatalogueVersion
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.catalogue import Tariff as CatalogueTariff


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingTerms:
    """The catalogue version of a month, and what of it holds for every caller."""

    version_id: int
    number_plan: NumberPlan
    overflow_hao: int
    vpn_3g_minutes: int


def rating_terms(month: Month) -> RatingTerms:
    """The terms of the catalogue in force on the month's 1st.

    Raises: packages_wo.queries.catalogue.NoCatalogueError.
    """
    catalogue = catalogue_on(month.first_day)
    version = (
        CatalogueVersion.objects.filter(effective_from__lte=month.first_day)
        .order_by("-effective_from", "-id")
        .values_list("pk", flat=True)[0]
    )
    return RatingTerms(
        version_id=version,
        number_plan=number_plan_of(catalogue),
        overflow_hao=catalogue.overflow_per_minute_hao,
        vpn_3g_minutes=catalogue.vpn_3g_minutes,
    )


def number_plan_of(catalogue: Catalogue) -> NumberPlan:
    table = catalogue.number_plan
    return NumberPlan(
        free=table.free,
        service_prefixes=table.service_prefixes,
        service_max_digits=table.service_max_digits,
        ten_digit_service=table.ten_digit_service,
        hmt=table.hmt,
        international=table.international,
        access_codes=table.access_codes,
        toll_free_prefix=table.toll_free_prefix,
        home_areas=catalogue.home_areas,
    )


def tariff_of(tariff: CatalogueTariff | None) -> Tariff:
    """The catalogue's tariff as the pure rating rule takes it; none has no prices at all."""
    if tariff is None:
        return Tariff()
    return Tariff(
        voice={
            kind: BlockPrice(
                first_s=rate.first_s,
                first_hao=rate.first_hao,
                next_s=rate.next_s,
                next_hao=rate.next_hao,
            )
            for kind, rate in tariff.rates.items()
        },
        sms_hao=tariff.sms_hao,
        data_kb_hao=tariff.data_kb_hao,
    )
