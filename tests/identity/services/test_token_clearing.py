from datetime import timedelta

import pytest
from oauth2_provider.models import AccessToken

from bss.identity.models import PersonalToken
from bss.identity.services.token_clearing import clear_tokens
from bss.kernel.clock import real_now
from tests.api.people import a_caller, a_token_of
from tests.builders.interfaces import an_interface, ask_token

pytestmark = pytest.mark.django_db


def test_tokens_that_ended_long_ago_are_forgotten_and_others_stay():
    manager = a_caller("manager1")
    interface = an_interface(manager)
    for _ in range(2):
        ask_token(*interface)
        a_token_of(manager)
    old, fresh = AccessToken.objects.order_by("pk")
    ended, running = PersonalToken.objects.order_by("created")
    now = real_now()
    AccessToken.objects.filter(pk=old.pk).update(expires=now - timedelta(days=1, seconds=1))
    PersonalToken.objects.filter(pk=ended.pk).update(expiry=now - timedelta(days=30, seconds=1))

    assert clear_tokens(now=now) == 2

    assert list(AccessToken.objects.all()) == [fresh]
    assert list(PersonalToken.objects.all()) == [running]
