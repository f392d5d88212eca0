"""What is asked or sent with a NUL."""

import pytest

from tests.builders.staff import a_staff


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/search?q=%00", "/customers/?q=a%00b", "/search?%00=1"])
def test_an_address_with_a_nul_is_answered_400(client, url):
    client.force_login(a_staff("clerk"))

    assert client.get(url).status_code == 400


@pytest.mark.django_db
def test_a_form_with_a_nul_is_answered_400(client):
    client.force_login(a_staff("clerk"))

    assert client.post("/customers/new", {"name": "a\x00b"}).status_code == 400
