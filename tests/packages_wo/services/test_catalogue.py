from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
import yaml

from bss.kernel.errors import BadInputError
from bss.kernel.periods import local_moment
from packages_wo.models import CatalogueVersion, Pack, Plan, TariffRate, Tier
from packages_wo.queries.catalogue import NoCatalogueError, catalogue_on
from packages_wo.services.catalogue import load_catalogue

pytestmark = pytest.mark.django_db
AT = local_moment("2026-09-10T10:00")
SAMPLE = yaml.safe_load(Path("packages_wo/catalogue.yaml").read_text(encoding="utf-8"))


def test_the_first_version_holds_from_the_beginning_and_is_projected():
    version = load_catalogue(document=SAMPLE, at=AT)

    assert version.effective_from == date(1970, 1, 1)
    assert Plan.objects.get(code="ADSL-2M").monthly_fen == 12000
    assert Tier.objects.get(offering="basic", code=306).vpn_minutes is None
    assert Pack.objects.get(code="BB-8M").speed_kbps == 8192
    assert TariffRate.objects.get(tariff="m2g_std", kind="data_kb").first_hao == 10
    assert (Plan.objects.count(), Tier.objects.count(), Pack.objects.count()) == (12, 8, 6)


def test_the_same_document_again_changes_nothing():
    first = load_catalogue(document=SAMPLE, at=AT)

    again = load_catalogue(document=deepcopy(SAMPLE), at=AT)

    assert again == first
    assert CatalogueVersion.objects.count() == 1


def test_a_later_version_holds_from_the_first_of_the_next_month():
    load_catalogue(document=SAMPLE, at=AT)
    dearer = deepcopy(SAMPLE)
    dearer["plans"]["3G-96"]["monthly"] = "99.00"

    load_catalogue(document=dearer, at=AT)

    assert catalogue_on(date(2026, 9, 30)).plans["3G-96"].monthly_fen == 9600
    assert catalogue_on(date(2026, 10, 1)).plans["3G-96"].monthly_fen == 9900


def test_a_bad_document_loads_nothing():
    bad = deepcopy(SAMPLE)
    bad["bundles"]["basic"]["tiers"][56]["monthly"] = "56.001"
    bad["packs"]["MIN-300"]["monthy"] = "1.00"

    with pytest.raises(BadInputError) as caught:
        load_catalogue(document=bad, at=AT)

    assert [place for place, _ in caught.value.faults] == [
        "bundles.basic.tiers.56.monthly",
        "packs.MIN-300.monthy",
    ]
    assert not CatalogueVersion.objects.exists()


def test_without_a_catalogue_the_question_says_what_to_do():
    with pytest.raises(NoCatalogueError, match="load_catalogue"):
        catalogue_on(date(2026, 9, 10))
