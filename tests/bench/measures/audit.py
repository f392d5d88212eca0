"""What the audit costs: payments with and without it, sealing, verifying, searching a million."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from unittest.mock import patch

from django.test import Client
from django.urls import reverse

from billing.services import payments
from bss.kernel import audit
from bss.kernel.audit.seal import seal
from bss.kernel.audit.verify import verify
from bss.kernel.clock import real_now
from bss.kernel.models import Staff
from bss.kernel.periods import local_moment
from tests.bench.figures import Figure
from tests.bench.sizes import Size
from tests.bench.timing import per_second, watch
from tests.bench.work import data_directory, watched_work
from tests.builders.audit import many_entries
from tests.builders.billing import a_channel, a_customer, a_line, own_account
from tests.builders.sign_in import force_login_proved
from tests.builders.staff import a_staff

NOON = local_moment("2026-10-03T12:00")
ONLY_IN_FULL = "since a search among few entries says nothing"
ENTRIES, PAYMENTS = 1_000_000, 400
TURNS = 6
SEARCHES = ("", "?whom=C00000001", "?address=10.0.7.7", "?what=personal", "?page=2000")


def measure(_: Size) -> Iterator[Figure | str]:
    yield from _payments(made=PAYMENTS)
    written = per_second(ENTRIES, lambda: many_entries(ENTRIES))
    yield f"{ENTRIES:,} entries written at {written:,.0f}/s"
    with watched_work(database_directory=data_directory()) as work:
        sealed = per_second(ENTRIES, lambda: seal(at=real_now()))
    yield f"sealing: {work}"
    yield Figure(name="audit_sealed", value=sealed, unit="/s", at_least=50_000)
    verified = per_second(ENTRIES, lambda: verify(at=real_now()))
    yield Figure(name="audit_verified", value=verified, unit="/s")
    yield from _searches()


def _payments(*, made: int) -> Iterator[Figure | str]:
    """Payments of 10 yuan, one after the other, the two kinds in turns: the best of each counts.

    Without audit no entry is written and the database session is told nothing.
    """
    account, channel, clerk = own_account(a_line(a_customer())), a_channel(), a_staff("clerk")
    keys = count(1)

    def pay() -> None:
        for _ in range(made):
            payments.pay(
                account_id=account.pk,
                amount_fen=1000,
                key=f"bench-{next(keys)}",
                at=NOON,
                channel_id=channel.pk,
                by_id=clerk.pk,
            )

    rates: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(TURNS):
        audited = bool(turn % 2)
        with _told(clerk, audited=audited):
            rates[audited].append(per_second(made, pay))
    without, with_audit = max(rates[False]), max(rates[True])
    yield f"one client: payments without audit {without:,.0f}/s, with {with_audit:,.0f}/s"
    share = 100 * with_audit / without
    yield Figure(name="audit_payments_with_of_without", value=share, unit="%", at_least=70)


def _told(clerk: Staff, *, audited: bool) -> AbstractContextManager[object]:
    if audited:
        return audit.acting(staff_id=clerk.pk, source="web", address="10.1.2.3")
    return patch.object(payments.audit, "record")


def _searches() -> Iterator[Figure | str]:
    client, page = Client(), reverse("oversight:audit")
    force_login_proved(client, a_staff("auditor"))
    client.get(page)
    slowest_s = 0.0
    for asked in SEARCHES:
        with watch() as took:
            answer = client.get(page + asked)
        assert answer.status_code == 200, asked
        yield f"audit page {asked or '(all)'}: {took.seconds * 1000:.0f} ms"
        slowest_s = max(slowest_s, took.seconds)
    yield Figure(name="audit_page_slowest", value=slowest_s, unit="s", at_most=1)
