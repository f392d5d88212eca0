from datetime import timedelta

import pytest

from bss.identity.models import PersonalToken
from bss.identity.services.personal_tokens import issue_token, revoke_token
from bss.kernel.clock import real_now
from bss.kernel.errors import BadInputError
from bss.kernel.models import AuditEntry
from bss.kernel.rulebook import RefusedError
from tests.api.people import a_caller
from tests.builders.interfaces import OPENED

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return a_caller("manager1")


def test_a_token_is_kept_as_a_digest_alone(manager):
    token, text = issue_token(staff_id=manager.pk, name="报表程序", days=30, at=OPENED)

    assert text.startswith("wo_")
    assert len(text) == 67
    kept = str(PersonalToken.objects.values().get())
    assert text not in kept
    assert token.token_key == text[:15]
    assert abs(token.expiry - real_now() - timedelta(days=30)) < timedelta(minutes=1)


def test_one_purpose_has_one_token(manager):
    issue_token(staff_id=manager.pk, name="报表程序", days=30, at=OPENED)

    with pytest.raises(BadInputError, match="已有同名的令牌"):
        issue_token(staff_id=manager.pk, name="报表程序", days=30, at=OPENED)

    assert PersonalToken.objects.count() == 1


def test_a_lifetime_is_one_of_those_offered(manager):
    with pytest.raises(BadInputError, match="请选择有效期"):
        issue_token(staff_id=manager.pk, name="报表程序", days=36500, at=OPENED)

    assert not PersonalToken.objects.exists()


def test_who_may_not_use_the_interface_gets_no_token():
    clerk = a_caller("clerk1", role="clerk")

    with pytest.raises(RefusedError) as refused:
        issue_token(staff_id=clerk.pk, name="报表程序", days=30, at=OPENED)

    assert refused.value.rules == ["S85-2"]
    assert not PersonalToken.objects.exists()


def test_giving_and_taking_back_are_on_record(manager):
    token, text = issue_token(staff_id=manager.pk, name="报表程序", days=30, at=OPENED)
    revoke_token(digest=token.digest, at=OPENED, by_id=manager.pk, reason="怀疑泄露")

    assert not PersonalToken.objects.exists()
    entries = AuditEntry.objects.filter(subject=f"token:{token.token_key}").order_by("pk")
    assert [(entry.action, entry.reason) for entry in entries] == [
        ("token.issued", ""),
        ("token.revoked", "怀疑泄露"),
    ]
    assert entries[0].detail == {"staff": manager.pk, "name": "报表程序", "days": 30}
    assert text not in str(list(entries.values()))
