"""What the audit costs; ``pytest tests/kernel/audit/test_cost.py -m thorough -s`` prints it."""

import sys
import time

import pytest
from django.test import Client
from django.urls import reverse

from bss.kernel.audit.seal import seal
from bss.kernel.audit.verify import verify
from bss.kernel.clock import real_now
from tests.builders.billing import a_channel, a_customer, a_line, own_account
from tests.builders.staff import a_staff
from tests.kernel.audit import bench

MANY = 1_000_000


def say(text: str) -> None:
    sys.stdout.write(text)


@pytest.mark.django_db(transaction=True)
@pytest.mark.thorough
def test_payments_with_audit_are_hardly_slower(settings, tmp_path) -> None:
    account, channel, clerk = own_account(a_line(a_customer())), a_channel(), a_staff("clerk")
    found: dict[bool, list[float]] = {True: [], False: []}

    for turn in range(6):
        audited = bool(turn % 2)
        found[audited].append(
            bench.payments_per_second(
                account_id=account.pk,
                channel_id=channel.pk,
                staff_id=clerk.pk,
                made=150,
                audited=audited,
            )
        )

    without, with_audit = max(found[False]), max(found[True])
    say(f"\npayments/s without audit {without:.0f}, with {with_audit:.0f}\n")
    assert with_audit > without * 0.7


@pytest.mark.django_db
@pytest.mark.thorough
def test_a_million_entries_are_sealed_verified_and_searched(client: Client) -> None:
    written = bench.per_second(MANY, lambda: bench.fill(MANY))
    sealed = bench.sealed_per_second(MANY)
    verified = bench.verified_per_second(MANY)
    client.force_login(a_staff("auditor"))
    slowest = 0.0
    searches = ("", "?whom=C00000001", "?address=10.0.7.7", "?what=personal", "?page=2000")
    for asked in searches:
        began = time.perf_counter()
        assert client.get(reverse("oversight:audit") + asked).status_code == 200
        took = time.perf_counter() - began
        say(f"\n{asked or 'all'}: {took * 1000:.0f} ms")
        slowest = max(slowest, took)

    say(f"\nwritten {written:.0f}/s, sealed {sealed:.0f}/s, verified {verified:.0f}/s\n")
    assert sealed > 50_000
    assert slowest < 1


@pytest.mark.django_db
def test_sealing_and_verifying_some_thousands_take_a_moment() -> None:
    bench.fill(5000)

    assert seal(at=real_now()) >= 5000
    assert verify(at=real_now()).faults == ()
