import pytest
from django.contrib.auth.hashers import check_password, identify_hasher

from bss.identity.models import InterfaceNumber
from bss.identity.services import interfaces
from bss.kernel import outbox
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.rulebook import RefusedError
from bss.wiring import EVENTS
from channels.models import Channel
from tests.api.people import a_caller
from tests.builders.interfaces import OPENED, a_place, an_interface, ask_token, leaves, terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return a_caller("manager1")


def test_an_interface_is_numbered_by_class_and_location(manager):
    first, _ = an_interface(manager)
    second, _ = an_interface(manager)
    agent, _ = an_interface(manager, kind="agent_1")

    assert [first.number, second.number, agent.number] == ["1-HE01-01", "1-HE01-02", "2-HE01-01"]
    assert first.application.client_id == first.number


def test_the_secret_is_kept_as_a_hash_alone(manager):
    interface, secret = an_interface(manager)
    kept = interface.application.client_secret

    assert len(secret) == 48
    assert secret not in kept
    identify_hasher(kept)
    assert check_password(secret, kept)


def test_an_opened_interface_becomes_a_channel(manager):
    interface, _ = an_interface(manager, kind="website")

    outbox.drain(EVENTS, reraise=True)

    channel = Channel.objects.get(code=interface.number)
    assert (channel.kind, channel.name, channel.organisation) == (
        Channel.Kind.ONLINE,
        interface.name,
        interface.organisation,
    )


@pytest.mark.parametrize("who", ["left", "clerk"])
def test_nobody_answers_for_an_interface_without_the_right_to(who):
    person = a_caller(who, role="clerk" if who == "clerk" else "account_manager")
    if who == "left":
        leaves(person)

    with pytest.raises(RefusedError) as refused:
        an_interface(person)

    assert refused.value.rules == ["S85-1"]
    assert not InterfaceNumber.objects.exists()


def test_a_new_secret_ends_the_old_one_and_its_tokens(manager, client):
    interface, old = an_interface(manager)
    token = ask_token(interface, old).json()["access_token"]

    new = interfaces.rotate_secret(interface_id=interface.pk, at=OPENED, by_id=manager.pk)

    assert ask_token(interface, old).status_code == 401
    assert ask_token(interface, new).status_code == 200
    answer = client.get(
        "/tmf-api/customerManagement/v4/customer", HTTP_AUTHORIZATION=f"Bearer {token}"
    )
    assert answer.status_code == 401


def test_what_is_done_to_an_interface_is_on_record(manager):
    interface, secret = an_interface(manager)
    by = {"interface_id": interface.pk, "at": OPENED, "by_id": manager.pk}
    interfaces.change_interface(**by, terms=terms(manager, name="新名称"))
    interfaces.rotate_secret(**by)
    interfaces.close_interface(**by, reason="合作终止")
    interfaces.reopen_interface(**by)

    entries = AuditEntry.objects.filter(subject=f"interface:{interface.number}").order_by("pk")
    assert [(entry.action, entry.reason) for entry in entries] == [
        ("interface.opened", ""),
        ("interface.changed", ""),
        ("interface.secret_rotated", ""),
        ("interface.closed", "合作终止"),
        ("interface.reopened", ""),
    ]
    assert entries[1].detail["name"] == "新名称"
    assert secret not in str(list(entries.values()))


def test_an_interface_does_not_open_again_for_someone_who_left(manager):
    interface, _ = an_interface(manager)
    by = {"interface_id": interface.pk, "at": OPENED, "by_id": manager.pk}
    interfaces.close_interface(**by, reason="合作终止")
    leaves(manager)

    with pytest.raises(RefusedError):
        interfaces.reopen_interface(**by)

    interface.refresh_from_db()
    assert interface.state == InterfaceNumber.State.CLOSED


def test_a_place_with_a_long_code_is_told_so(manager):
    place = a_place("HE0311-EXTRA-LONG")
    with pytest.raises(BadInputError, match="太长"):
        interfaces.open_interface(
            kind="bank",
            organisation_id=place.pk,
            terms=terms(manager),
            at=OPENED,
            by_id=manager.pk,
        )
