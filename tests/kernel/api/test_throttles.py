import pytest

from tests.api.people import a_caller, assert_official, client_of

pytestmark = pytest.mark.django_db

CUSTOMERS = "/tmf-api/customerManagement/v4/customer"


@pytest.fixture
def rates(settings):
    def set_to(**some: str) -> None:
        rates = {"source": "1000/min", "address": "1000/min", "token": "1000/min", **some}
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}

    return set_to


def test_a_person_who_calls_too_often_waits_and_others_do_not(rates):
    rates(source="2/min")
    one, other = client_of(a_caller("eager1")), client_of(a_caller("patient1"))

    answers = [one.get(CUSTOMERS) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    late = answers[-1]
    assert_official("TMF629", "Error", late.json())
    assert late.json()["code"] == "throttled"
    assert late["Content-Type"] == "application/problem+json"
    assert 0 < int(late["Retry-After"]) <= 60
    assert other.get(CUSTOMERS).status_code == 200


def test_guessing_tokens_from_one_address_is_slowed(rates, client):
    rates(address="2/min")
    guesses = [
        client.get(
            CUSTOMERS, HTTP_AUTHORIZATION=f"Token wo_{guess:064d}", REMOTE_ADDR="203.0.113.8"
        ).status_code
        for guess in range(3)
    ]

    assert guesses == [401, 401, 429]
