"""P3: what is sold, since when, and what a version changed."""

from datetime import date

import pytest
from django.test import Client

from bss.kernel.periods import local_moment
from packages_wo.models import CatalogueVersion
from packages_wo.services.catalogue import load_catalogue
from tests.builders.packages import sample_document
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

AT = local_moment("2026-09-10T12:00")


@pytest.fixture(autouse=True)
def business_time(settings) -> None:  # type: ignore[no-untyped-def]
    settings.BUSINESS_TIME = "2026-10-15T15:00"


@pytest.fixture
def versions() -> tuple[CatalogueVersion, CatalogueVersion]:
    """One in force, and one from November on in which a tier is dearer."""
    first = load_catalogue(document=sample_document(), at=AT)
    later = sample_document()
    later["version"] = "later"
    later["bundles"]["basic"]["tiers"][106]["monthly"] = "116.00"
    return first, load_catalogue(document=later, at=AT, effective_from=date(2026, 11, 1))


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(a_staff("clerk"))
    return client


def test_the_version_in_force_is_shown_with_both_schemes_prices(
    clerk: Client, versions: tuple[CatalogueVersion, ...]
) -> None:
    page = clerk.get("/catalogue/").content.decode()

    assert "沃·商务基础版" in page
    assert '<td class="num">106.00</td><td class="num">95.40</td>' in page
    assert "116.00" not in page
    assert "终端加装包(VPN)" in page
    assert "来电显示" in page


def test_a_version_to_come_can_be_looked_at(
    clerk: Client, versions: tuple[CatalogueVersion, ...]
) -> None:
    page = clerk.get(f"/catalogue/?version={versions[1].pk}").content.decode()

    assert '<td class="num">116.00</td><td class="num">104.40</td>' in page
    assert "不是现行版本" in page
    assert clerk.get("/catalogue/?version=0").status_code == 404


def test_two_versions_are_compared_place_by_place(
    clerk: Client, versions: tuple[CatalogueVersion, ...]
) -> None:
    page = clerk.get(f"/catalogue/{versions[1].pk}/changes").content.decode()

    assert "1 处不同" in page
    assert "basic › tiers › 106 › monthly" in page
    assert "<del>106.00</del>" in page
    assert "<ins>116.00</ins>" in page
    assert clerk.get(f"/catalogue/{versions[0].pk}/changes").status_code == 404


def test_without_a_catalogue_the_page_says_so(clerk: Client) -> None:
    assert "还没有生效的产品目录" in clerk.get("/catalogue/").content.decode()


def test_the_menu_leads_there_for_those_who_see_bundles(client: Client) -> None:
    client.force_login(a_staff("batch_operator"))

    assert client.get("/catalogue/").status_code == 403
