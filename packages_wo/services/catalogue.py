"""Loading a version of the product catalogue."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bss.kernel.errors import BadInputError
from bss.kernel.periods import Month
from packages_wo.models import CatalogueVersion, Pack, Plan, TariffRate, Tier
from packages_wo.queries.catalogue_use import lost_codes
from packages_wo.queries.locked import lock_catalogue
from packages_wo.rules.catalogue import Catalogue
from packages_wo.rules.catalogue_document import parse_catalogue

BEGINNING = date(1970, 1, 1)
"""The first version that is loaded holds for all time before it as well."""


@transaction.atomic
def load_catalogue(
    *, document: Mapping[Any, Any], at: datetime, effective_from: date | None = None
) -> CatalogueVersion:
    """Take a checked document as the catalogue from ``effective_from`` on.

    Without a day: from the first day of the month after ``at``; the very first version holds from
    the beginning. The same document once more gives the version that is there.

    Raises: BadInputError with every fault and its place; nothing is loaded then.
    """
    plain = plain_document(document)
    catalogue = parse_catalogue(plain)
    digest = _digest(plain)
    lock_catalogue()
    known = CatalogueVersion.objects.filter(digest=digest).first()
    if known is not None:
        return known
    lost = tuple(lost_codes(catalogue))
    if lost:
        raise BadInputError(*lost)
    if not CatalogueVersion.objects.exists():
        effective_from = BEGINNING
    version = CatalogueVersion.objects.create(
        code=catalogue.version,
        effective_from=effective_from or Month.of(at).next.first_day,
        document=plain,
        digest=digest,
        loaded_at=at,
    )
    _project(version, catalogue)
    return version


def plain_document(document: Mapping[Any, Any]) -> dict[str, Any]:
    """The document as JSON keeps it: keys are text, days are ISO text."""
    if not isinstance(document, Mapping):
        raise BadInputError(("", "产品目录应为一组键值"))
    plain: dict[str, Any] = json.loads(json.dumps(_text_keys(document), default=str))
    return plain


def _text_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _text_keys(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_text_keys(part) for part in value]
    return value


def _digest(plain: Mapping[str, Any]) -> str:
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _project(version: CatalogueVersion, catalogue: Catalogue) -> None:
    """The rows that pages and set-based work read; the document stays the truth."""
    Plan.objects.bulk_create(
        Plan(
            version=version,
            code=plan.code,
            service=plan.service,
            kind=plan.kind,
            monthly_fen=plan.monthly_fen,
            first_month=plan.first_month,
            tariff=plan.tariff,
            minutes=plan.minutes,
            data_kb=plan.data_kb,
            sms=plan.sms,
            speed_kbps=plan.speed_kbps,
        )
        for plan in catalogue.plans.values()
    )
    TariffRate.objects.bulk_create(_rates(version, catalogue))
    Tier.objects.bulk_create(
        Tier(
            version=version,
            offering=offering.code,
            code=tier.code,
            monthly_fen=tier.monthly_fen,
            minutes=tier.minutes,
            vpn_minutes=tier.vpn_minutes,
        )
        for offering in catalogue.offerings.values()
        for tier in offering.tiers.values()
    )
    Pack.objects.bulk_create(
        Pack(
            version=version,
            code=pack.code,
            name=pack.name,
            monthly_fen=pack.monthly_fen,
            minutes=pack.minutes,
            speed_kbps=pack.speed_kbps,
            static_ip=pack.static_ip,
        )
        for pack in catalogue.packs.values()
    )


def _rates(version: CatalogueVersion, catalogue: Catalogue) -> list[TariffRate]:
    """Every class of every tariff; texts and data are a price per unit."""
    rows = []
    for tariff in catalogue.tariffs.values():
        for kind, rate in tariff.rates.items():
            rows.append(
                TariffRate(
                    version=version,
                    tariff=tariff.code,
                    kind=kind,
                    first_s=rate.first_s,
                    first_hao=rate.first_hao,
                    next_s=rate.next_s,
                    next_hao=rate.next_hao,
                )
            )
        for kind, unit_hao in (("sms", tariff.sms_hao), ("data_kb", tariff.data_kb_hao)):
            if unit_hao is not None:
                rows.append(
                    TariffRate(version=version, tariff=tariff.code, kind=kind, first_hao=unit_hao)
                )
    return rows
