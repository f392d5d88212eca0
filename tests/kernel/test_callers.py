import pytest
from django.test import RequestFactory

from bss.kernel.callers import address_of


@pytest.mark.parametrize(
    ("proxies", "written", "expected"),
    [
        (0, None, "192.0.2.1"),
        (0, "203.0.113.5", "192.0.2.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "10.0.0.1, 203.0.113.5", "203.0.113.5"),
        (2, "203.0.113.5, 10.0.0.1", "203.0.113.5"),
        (2, "203.0.113.5", "192.0.2.1"),
        (1, None, ""),
    ],
)
def test_a_written_address_is_believed_as_far_as_our_own_proxies(
    settings, proxies, written, expected
):
    settings.PROXIES = proxies
    headers = {} if written is None else {"HTTP_X_FORWARDED_FOR": written}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **headers)

    assert address_of(request) == (expected or "192.0.2.1")
