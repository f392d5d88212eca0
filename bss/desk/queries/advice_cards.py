"""What the adviser says of a customer's bundles, with the way to do it or why it cannot be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from billing.models import BundleAdvice
from bss.desk.links import address_of
from bss.desk.queries.advice_words import reasons_of, sentence_of
from bss.kernel.periods import business_date
from bss.kernel.rulebook import Refusal
from bss.kernel.units import half_up
from packages_wo.models import Bundle
from packages_wo.queries.bundles import compositions_in_force
from packages_wo.queries.catalogue import catalogue_on
from packages_wo.queries.combination_words import Worded, combination_words
from packages_wo.queries.names import offering_names
from packages_wo.rules.combinations import Combination, packs_with
from packages_wo.rules.composition import Composition
from packages_wo.rules.requests import ChangeBundle
from packages_wo.services.checks import check_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """The cheapest choice of one tier, or what it is on. Units: fen a month.

    ``more_fen`` is beside what it is on now.
    """

    label: str
    words: str
    monthly_fen: int
    more_fen: int
    is_best: bool
    is_now: bool

    @property
    def bar(self) -> tuple[str, int, str]:
        """As the chart takes it."""
        return self.label, self.monthly_fen, self._meaning

    @property
    def _meaning(self) -> str:
        return "at" if self.is_now else "less" if self.is_best else "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceCard:
    """One bundle's advice as the page shows it."""

    advice: BundleAdvice
    title: str
    now_words: str
    sentence: str
    options: Sequence[Option]
    bars: Sequence[tuple[str, int, str]]
    history: Sequence[tuple[date, int, int, int]]
    reasons: Sequence[tuple[str, str]]
    change_url: str
    refusals: Sequence[Refusal]


def advice_cards(customer_id: int, *, at: datetime) -> list[AdviceCard]:
    """The bundles in force that something can be said of; none where nothing was reckoned yet."""
    found = list(
        BundleAdvice.objects.filter(
            bundle__customer=customer_id, bundle__state=Bundle.State.IN_FORCE
        ).select_related("bundle")
    )
    if not found:
        return []
    day = business_date(at)
    worded, names = combination_words(day), offering_names(day)
    now = compositions_in_force([advice.bundle_id for advice in found])
    return [
        _card(
            advice,
            names.get(advice.bundle.offering, advice.bundle.offering),
            worded,
            now[advice.bundle_id],
            at,
        )
        for advice in found
        if advice.bundle_id in now
    ]


def _card(
    advice: BundleAdvice, offering: str, worded: Worded, now: Composition, at: datetime
) -> AdviceCard:
    options = _options(advice, worded)
    refusals, url = _change(advice, now, at)
    return AdviceCard(
        advice=advice,
        title=f"{offering} {advice.scheme}",
        now_words=worded(advice.tier, advice.packs),
        sentence=sentence_of(advice, worded),
        options=options,
        bars=[option.bar for option in options],
        history=[(date.fromisoformat(month), *rest) for month, *rest in advice.history],
        reasons=reasons_of(advice),
        change_url=url,
        refusals=refusals,
    )


def _options(advice: BundleAdvice, worded: Worded) -> list[Option]:
    """Tier by tier; what it is on comes last where it is no tier's cheapest."""
    months = len(advice.months)
    now, best = (advice.tier, advice.packs), (advice.best_tier, advice.best_packs)
    rows = [((tier, packs), half_up(fen, months)) for tier, packs, fen in advice.options]
    if now not in [choice for choice, _fen in rows]:
        rows.append((now, advice.monthly_fen))
    return [
        Option(
            label=_("现在") if choice == now else _("%(tier)s 档") % {"tier": choice[0]},
            words=worded(*choice),
            monthly_fen=fen,
            more_fen=fen - advice.monthly_fen,
            is_best=choice == best and not advice.is_best_already,
            is_now=choice == now,
        )
        for choice, fen in rows
    ]


def _change(advice: BundleAdvice, now: Composition, at: datetime) -> tuple[Sequence[Refusal], str]:
    """Why it may not be changed to what is advised, or the way to the form, filled in."""
    if advice.is_best_already:
        return (), ""
    best = Combination(
        tier=advice.best_tier, packs=tuple((code, count) for code, count in advice.best_packs)
    )
    wanted = ChangeBundle(
        bundle_id=advice.bundle_id,
        tier=best.tier,
        packs=packs_with(now, best, catalogue_on(business_date(at))),
    )
    if refusals := check_change(request=wanted, at=at):
        return refusals, ""
    url = address_of("orders:change", bundle=advice.bundle.code, tier=best.tier)
    packs = urlencode([("pack", f"{code}:{count}") for code, count in best.packs])
    return (), f"{url}&{packs}" if packs else url
