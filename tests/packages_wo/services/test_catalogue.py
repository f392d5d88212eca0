from copy import deepcopy
from datetime import date

import pytest
import yaml
from django.core.management import CommandError, call_command

from bss.kernel.errors import BadInputError
from bss.kernel.periods import local_moment
from packages_wo.models import CatalogueVersion, Pack, Plan, TariffRate, Tier
from packages_wo.queries.catalogue import NoCatalogueError, catalogue_on
from packages_wo.services.catalogue import load_catalogue
from tests.builders.packages import (
    SAMPLE_FILE,
    a_basic_pair,
    a_bundle,
    a_catalogue,
    a_pack,
    sample_document,
)

pytestmark = pytest.mark.django_db
AT = local_moment("2026-09-10T10:00")
SAMPLE = sample_document()


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


def test_what_somebody_holds_cannot_be_left_out_of_a_version():
    a_catalogue()
    customer, line, mobile = a_basic_pair()
    a_bundle(customer, line, mobile, packs=(a_pack("MIN-300"),))
    without = sample_document()
    del without["plans"]["M2G-STD"], without["packs"]["MIN-300"]
    del without["bundles"]["basic"]["tiers"][106]

    with pytest.raises(BadInputError) as caught:
        load_catalogue(document=without, at=AT)

    assert [place for place, _ in caught.value.faults] == [
        "plans.M2G-STD",
        "bundles.basic.tiers.106",
        "packs.MIN-300",
    ]


def test_the_command_tells_every_fault_of_the_file_and_its_place(tmp_path):
    bad = sample_document()
    del bad["version"]
    bad["fees"]["transfer"] = 1.5
    file = tmp_path / "catalogue.yaml"
    file.write_text(yaml.safe_dump(bad, allow_unicode=True), encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        call_command("load_catalogue", str(file))

    lines = str(caught.value).splitlines()
    assert [line.removeprefix(f"{file}: ").split(":")[0] for line in lines] == [
        "version",
        "fees.transfer",
    ]


def test_the_command_loads_the_shipped_file(capsys):
    call_command("load_catalogue", str(SAMPLE_FILE))

    assert "2026-10" in capsys.readouterr().out
    assert CatalogueVersion.objects.count() == 1
