"""Who calls the open interface, and when a token no longer says so."""

from datetime import time, timedelta

import pytest
from oauth2_provider.models import AccessToken, Application
from rest_framework.test import APIClient

from bss.identity.models import InterfaceNumber, PersonalToken
from bss.identity.services.interfaces import change_interface, close_interface
from bss.kernel import outbox
from bss.kernel.clock import real_now
from bss.wiring import EVENTS
from orders.models import Order
from tests.api.people import a_caller, a_customer, a_token_of
from tests.api.test_product_order import ORDERS, a_hold, an_opening
from tests.builders.interfaces import OPENED, an_interface, ask_token, leaves, terms
from tests.builders.orders import a_company, a_subscription

pytestmark = pytest.mark.django_db

CUSTOMERS = "/tmf-api/customerManagement/v4/customer"
BILLS = "/tmf-api/customerBillManagement/v4/customerBill"


@pytest.fixture
def manager():
    return a_caller("manager1")


def calling(header: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    return client


def bearer(interface, secret, **more) -> APIClient:
    return calling(f"Bearer {ask_token(interface, secret, **more).json()['access_token']}")


def told(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_an_interface_reaches_the_customers_of_who_answers_for_it(manager):
    a_customer("MINE", manager=manager)
    a_customer("OTHERS", manager=a_caller("manager2"))

    rows = bearer(*an_interface(manager)).get(CUSTOMERS).json()

    assert [row["id"] for row in rows] == ["MINE"]


def test_an_interface_may_no_more_than_its_scopes(manager):
    client = bearer(*an_interface(manager, scopes=["customer.view"]))

    assert client.get(CUSTOMERS).status_code == 200
    answer = client.get(BILLS)
    assert told(answer) == (403, "permission_denied")
    assert answer.json()["reason"] == "没有 account.view 权限，请联系主管或接口负责人"


def test_a_token_may_no_more_than_it_was_asked_for(manager):
    client = bearer(*an_interface(manager), scope="customer.view")

    assert client.get(CUSTOMERS).status_code == 200
    assert client.get(BILLS).status_code == 403


def test_narrower_scopes_hold_for_tokens_already_given(manager):
    interface, secret = an_interface(manager)
    client = bearer(interface, secret)
    assert client.get(BILLS).status_code == 200

    change_interface(
        interface_id=interface.pk,
        terms=terms(manager, scopes=["customer.view"]),
        at=OPENED,
        by_id=manager.pk,
    )

    assert client.get(BILLS).status_code == 403


def test_an_interface_may_no_more_than_who_answers_for_it(manager):
    client = bearer(*an_interface(manager))
    manager.roles.clear()

    assert told(client.get(CUSTOMERS)) == (403, "permission_denied")


def test_orders_of_an_interface_come_from_its_own_number(manager):
    interface, secret = an_interface(manager, kind="website")
    outbox.drain(EVENTS, reraise=True)
    client = bearer(interface, secret)
    company = a_company()
    company.account_manager = manager
    company.save()
    body = a_hold(company, a_subscription(company, "m2g"))

    elsewhere = client.post(ORDERS, body, format="json")
    del body["channel"]
    taken = client.post(ORDERS, body, format="json")

    assert told(elsewhere) == (422, "S85-2")
    assert taken.status_code == 201, taken.json()
    order = Order.objects.get()
    assert (order.channel.code, order.accepted_by) == (interface.number, manager)
    assert taken.json()["channel"] == [{"id": interface.number, "name": interface.name}]


def test_opening_bundles_is_a_right_of_its_own(manager):
    company = a_company()
    company.account_manager = manager
    company.save()
    line = a_subscription(company, "fixed")
    body = an_opening(company, {"product": {"id": str(line.pk)}})
    client = bearer(*an_interface(manager, scopes=["order.accept", "order.view"]))

    answer = client.post(ORDERS, body, format="json")

    assert told(answer) == (403, "permission_denied")
    assert "bundle.open" in answer.json()["reason"]
    assert not Order.objects.exists()


@pytest.mark.parametrize("how", ["closed", "manager_left", "expired", "deleted"])
def test_a_bearer_token_stops_at_once(manager, how):
    interface, secret = an_interface(manager)
    client = bearer(interface, secret)
    assert client.get(CUSTOMERS).status_code == 200

    if how == "closed":
        close_interface(interface_id=interface.pk, reason="终止", at=OPENED, by_id=manager.pk)
    elif how == "manager_left":
        leaves(manager)
    elif how == "expired":
        AccessToken.objects.update(expires=real_now() - timedelta(seconds=1))
    else:
        AccessToken.objects.all().delete()

    assert told(client.get(CUSTOMERS)) == (401, "authentication_failed")
    again = 401 if how in ("closed", "manager_left") else 200
    assert ask_token(interface, secret).status_code == again


@pytest.mark.parametrize("how", ["left", "expired", "revoked"])
def test_a_personal_token_stops_at_once(manager, how):
    client = calling(f"Token {a_token_of(manager)}")
    assert client.get(CUSTOMERS).status_code == 200

    if how == "left":
        leaves(manager)
    elif how == "expired":
        PersonalToken.objects.update(expiry=real_now() - timedelta(seconds=1))
    else:
        PersonalToken.objects.all().delete()

    assert told(client.get(CUSTOMERS)) == (401, "authentication_failed")
    assert PersonalToken.objects.exists() is (how != "revoked")


def test_outside_its_hours_an_interface_is_refused(manager):
    interface, secret = an_interface(manager)
    client = bearer(interface, secret)
    past = (real_now() - timedelta(hours=2)).time().replace(microsecond=0)
    hour_later = (real_now() - timedelta(hours=1)).time().replace(microsecond=0)
    InterfaceNumber.objects.update(opens=past, closes=hour_later)

    assert told(client.get(CUSTOMERS)) == (403, "S85-3")
    assert ask_token(interface, secret).status_code == 401


def test_from_another_address_an_interface_is_refused(manager):
    interface, secret = an_interface(manager)
    client = bearer(interface, secret)
    InterfaceNumber.objects.update(networks=["203.0.113.0/24"])

    assert told(client.get(CUSTOMERS)) == (403, "S85-1")
    assert client.get(CUSTOMERS, REMOTE_ADDR="203.0.113.5").status_code == 200
    forged = client.get(CUSTOMERS, HTTP_X_FORWARDED_FOR="203.0.113.5")
    assert told(forged) == (403, "S85-1")
    assert ask_token(interface, secret).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Bearer", "Token", "Bearer a b", "Token a b", "Bearer \xff\xfe", "Token \xff",
        "Bearer 令牌", "Token wo_" + "0" * 64, "Bearer " + "x" * 9000, "Token " + "x" * 9000,
        "bearer nonsense", "Bearer wo_' OR 1=1 --", "Token %00", "Basic YTpi", "Digest x",
        "nonsense", " ",
    ],
)  # fmt: skip
def test_what_is_no_token_is_401(header):
    answer = APIClient().get(CUSTOMERS, HTTP_AUTHORIZATION=header.encode().decode("latin-1"))

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_under_the_other_scheme_is_none(manager):
    personal = a_token_of(manager)
    interface = ask_token(*an_interface(manager)).json()["access_token"]

    assert calling(f"Bearer {personal}").get(CUSTOMERS).status_code == 401
    assert calling(f"Token {interface}").get(CUSTOMERS).status_code == 401


def test_a_token_in_the_address_is_none(manager):
    interface, secret = an_interface(manager)
    token = ask_token(interface, secret).json()["access_token"]

    assert APIClient().get(CUSTOMERS, {"access_token": token}).status_code == 401


def test_a_token_of_no_interface_is_none(manager):
    """Such as one that another application of the OAuth server was given by hand."""
    stray = Application.objects.create(
        client_id="stray", client_type="confidential", authorization_grant_type="client-credentials"
    )
    AccessToken.objects.create(
        token="stray-token",
        application=stray,
        user=manager,
        expires=real_now() + timedelta(hours=1),
        scope="customer.view",
    )

    assert told(calling("Bearer stray-token").get(CUSTOMERS)) == (401, "authentication_failed")


def test_use_is_noted_to_the_minute(manager):
    interface, secret = an_interface(manager, opens=time(0), closes=time(0))
    client = bearer(interface, secret)
    client.get(CUSTOMERS)
    first = InterfaceNumber.objects.get().last_used_at
    client.get(CUSTOMERS)

    assert abs(first - real_now()) < timedelta(minutes=1)
    assert InterfaceNumber.objects.get().last_used_at == first


def test_no_token_can_be_read_from_the_database(manager):
    interface, secret = an_interface(manager)
    text = ask_token(interface, secret).json()["access_token"]
    personal = a_token_of(manager)

    kept = f"{list(AccessToken.objects.values())}{list(PersonalToken.objects.values())}"
    assert text not in kept
    assert personal not in kept
    assert secret not in str(InterfaceNumber.objects.values("application__client_secret").get())


def test_two_interfaces_of_one_person_share_no_idempotency_keys(manager):
    one, two = two_holds(manager)
    del one["channel"], two["channel"]
    bank, website = an_interface(manager), an_interface(manager, kind="website")
    outbox.drain(EVENTS, reraise=True)

    first = ordering(bearer(*bank), one)
    other = ordering(bearer(*website), two)
    again = ordering(bearer(*bank), one)  # with a token of its own

    assert [first.status_code, other.status_code, again.status_code] == [201, 201, 201]
    assert other.json()["id"] != first.json()["id"] == again.json()["id"]
    assert Order.objects.count() == 2


def test_the_token_that_replaces_another_goes_on_with_its_keys(manager):
    one, two = two_holds(manager)
    first = ordering(calling(f"Token {a_token(manager, name='报表')}"), one)
    PersonalToken.objects.all().delete()

    again = ordering(calling(f"Token {a_token(manager, name='报表')}"), one)
    other = ordering(calling(f"Token {a_token(manager, name='对帐')}"), two)

    assert again.json()["id"] == first.json()["id"] != other.json()["id"]
    assert again["Idempotent-Replayed"] == "true"


def two_holds(manager):
    company = a_company()
    company.account_manager = manager
    company.save()
    return [a_hold(company, a_subscription(company, "m2g")) for _ in range(2)]


def ordering(client, body):
    return client.post(ORDERS, body, format="json", HTTP_IDEMPOTENCY_KEY="k-1")


def a_token(staff, *, name) -> str:
    return PersonalToken.objects.create(user=staff, name=name)[1]
