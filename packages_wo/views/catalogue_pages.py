"""P3 产品目录: what is sold in a version, its versions, and what one changed."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.periods import business_date
from packages_wo.models import CatalogueVersion, TariffRate
from packages_wo.queries.names import plan_name
from packages_wo.rules.catalogue import Catalogue, Offering, Tier
from packages_wo.rules.catalogue_difference import differences
from packages_wo.rules.catalogue_document import parse_catalogue
from packages_wo.rules.pricing import scheme_b_fee
from packages_wo.views.catalogue_words import rate_word, section_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An offering as its card shows it."""

    offering: Offering
    tiers: list[tuple[Tier, int]]
    """Each tier with its fee of scheme B in fen."""


@requires("bundle.view")
def catalogue_page(request: HttpRequest) -> HttpResponse:
    """The version in force, or the one that ``?version=`` names."""
    versions = list(CatalogueVersion.objects.defer("document").order_by("-effective_from", "-id"))
    in_force = next((one for one in versions if one.effective_from <= _today()), None)
    shown = in_force
    if wanted := request.GET.get("version"):
        shown = next((one for one in versions if str(one.pk) == wanted), None)
        if shown is None:
            raise Http404
    context: dict[str, Any] = {"versions": _rows(versions), "in_force": in_force, "shown": shown}
    if shown is not None:
        catalogue = parse_catalogue(shown.document)
        context |= {
            "editions": [_edition(one, catalogue) for one in catalogue.offerings.values()],
            "packs": list(catalogue.packs.values()),
            "plans": [(plan_name(one), one) for one in catalogue.plans.values()],
            "tariffs": _tariffs(shown),
        }
    return render(request, "packages_wo/catalogue.html", context)


@requires("bundle.view")
def catalogue_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What this version changed of the one before it, or of ``?against=``."""
    after = get_object_or_404(CatalogueVersion, pk=pk)
    others = CatalogueVersion.objects.exclude(pk=pk).order_by("-effective_from", "-id")
    against = request.GET.get("against", "")
    before: CatalogueVersion | None
    if against:
        before = get_object_or_404(others, pk=against if against.isdigit() else 0)
    else:
        before = _before(after, list(others.defer("document")))
        if before is None:
            raise Http404
    found = differences(before.document, after.document)
    context = {
        "before": before,
        "after": after,
        "others": others.defer("document"),
        "changes": [(section_word(one.place[0]), one.place[1:], one) for one in found],
        "crumbs": [(_("产品目录"), reverse("packages_wo:catalogue")), (after.code, "")],
    }
    return render(request, "packages_wo/catalogue_changes.html", context)


def _today() -> Any:
    return business_date(clock.now())


def _before(version: CatalogueVersion, others: list[CatalogueVersion]) -> CatalogueVersion | None:
    place = (version.effective_from, version.pk)
    return next((one for one in others if (one.effective_from, one.pk) < place), None)


def _rows(versions: list[CatalogueVersion]) -> list[tuple[CatalogueVersion, bool]]:
    """Newest first, each with whether there is one before it to compare with."""
    return [(one, one is not versions[-1]) for one in versions]


def _edition(offering: Offering, catalogue: Catalogue) -> Edition:
    percent = catalogue.scheme_b_percent
    return Edition(
        offering=offering,
        tiers=[
            (tier, scheme_b_fee(tier.monthly_fen, percent=percent))
            for tier in offering.tiers.values()
        ],
    )


def _tariffs(version: CatalogueVersion) -> list[tuple[str, list[tuple[str, TariffRate]]]]:
    tariffs: dict[str, list[tuple[str, TariffRate]]] = {}
    for rate in TariffRate.objects.filter(version=version):
        tariffs.setdefault(rate.tariff, []).append((rate_word(rate.kind), rate))
    return list(tariffs.items())
