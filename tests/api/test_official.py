"""The official files are copies, and the product stands on their paths."""

from pathlib import Path

import pytest
from django.urls import reverse

from bss.kernel.api import official

SHARED = Path(__file__).resolve().parents[3] / "shared" / "specs" / "tmf"


@pytest.mark.parametrize("name", sorted(official.FILES.values()))
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared specifications are not beside the repo")
def test_the_copies_are_the_originals(settings, name):
    ours = settings.BASE_DIR / "specs" / "tmf" / name
    assert ours.read_bytes() == (SHARED / name).read_bytes()


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("tmf629-customer-list", "/tmf-api/customerManagement/v4/customer"),
        ("tmf622-product-order-list", "/tmf-api/productOrderingManagement/v4/productOrder"),
        ("tmf678-customer-bill-list", "/tmf-api/customerBillManagement/v4/customerBill"),
    ],
)
def test_resources_stand_under_the_official_paths(route, path):
    assert reverse(route) == path


def test_a_moment_without_a_zone_breaks_its_definition():
    fault = official.faults("TMF629", "Customer", {"engagedParty": {"id": "1"}})
    assert fault == [("engagedParty", "'@referredType' is a required property")]
    assert official.faults("TMF629", "TimePeriod", {"startDateTime": "2026-10-01T00:00:00"})
    assert not official.faults("TMF629", "TimePeriod", {"startDateTime": "2026-10-01T00:00:00Z"})
