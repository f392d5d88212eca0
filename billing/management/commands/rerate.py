"""``manage.py rerate 2026-10``: what a tariff correction brings; with two persons, done (BIL-7)."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.management.arguments import add_at, moment_of, month_of
from billing.management.two_persons import add_approve, person_who_may
from billing.models import Rerating
from billing.services import reratings
from bss.kernel import approvals
from bss.kernel.errors import BadInputError
from bss.kernel.models import BatchRun, Staff
from bss.kernel.rulebook import RefusedError
from bss.kernel.sentences import read
from bss.kernel.units import yuan
from customers.models import Customer

PAUSE_S = 0.5
"""Between two looks at what workers have in hand."""


class Command(BaseCommand):
    help = "资费重批: rate months anew after a tariff correction; a preview, unless two approve it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("first_month", type=month_of, help="such as 2026-10")
        parser.add_argument("last_month", type=month_of, nargs="?", help="the same, when left out")
        parser.add_argument(
            "--offering",
            default="",
            help="bundle:basic, tier:basic:106, pack:MIN-300, plan:3G-96, tariff:m2g_std",
        )
        parser.add_argument("--customer", default="", metavar="CODE")
        parser.add_argument("--credits-only", action="store_true", help="charge nobody more")
        add_approve(
            parser,
            meaning="the numbers of two persons who may re-rate: do what the preview shows",
        )
        add_at(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at, two = moment_of(options), options["approve"]
        try:
            maker, checker = (_who_rerates(number) for number in two) if two else (None, None)
            rerating = reratings.begin(
                first_month=options["first_month"],
                last_month=options["last_month"] or options["first_month"],
                offering=options["offering"],
                customer_id=_customer(options["customer"]),
                credits_only=options["credits_only"],
                at=at,
                by_id=maker.pk if maker else None,
            )
            _until_over(rerating, reratings.look)
            self._tell(rerating)
            if maker and checker:
                asked = reratings.ask(
                    rerating_id=rerating.pk, by_id=maker.pk, at=at, reason="manage.py rerate"
                )
                approvals.decide(
                    approval_id=asked.pk, decided_by_id=checker.pk, approve=True, at=at
                )
                rerating.refresh_from_db()
                _until_over(rerating, reratings.carry_out)
                self._tell_done(rerating)
        except (BadInputError, RefusedError, ValueError) as refused:
            raise CommandError(str(refused)) from refused

    def _tell(self, rerating: Rerating) -> None:
        found, totals = rerating.found, rerating.found["totals"]
        self.stdout.write(
            f"{rerating.code}: {found['records']} records; "
            f"{totals['lines']} charges of {totals['accounts']} accounts"
        )
        self.stdout.write(
            f"next bill: {totals['adjust']} adjustments, credits {yuan(-totals['credits_fen'])}, "
            f"debits {yuan(totals['debits_fen'])}; open months {yuan(totals['replaced_fen'])}; "
            f"left to people {totals['by_hand']}, waived {totals['waive']}, "
            f"without a price {found['unpriced']}"
        )
        for row in found["items"]:
            self.stdout.write(
                f"{row['label']}: {yuan(row['old_fen'])} → {yuan(row['new_fen'])}"
                f" ({row['lines']} change)"
            )
        for row in found["largest"]:
            self.stdout.write(
                f"{row['account']} {row['month']} {yuan(row['fen'])} {read(row['why'])}"
            )

    def _tell_done(self, rerating: Rerating) -> None:
        left = rerating.found["left"]
        self.stdout.write(
            f"{rerating.code}: {rerating.get_state_display()}, "
            f"{rerating.found['adjustments']} adjustments"
            + (f"; {left} changed since the preview and were left" if left else "")
        )


def _until_over(rerating: Rerating, work: Callable[[Rerating], BatchRun]) -> None:
    """Take part until nothing is left, also of what workers have in hand."""
    while work(rerating).state == BatchRun.State.RUNNING:
        time.sleep(PAUSE_S)
    rerating.refresh_from_db()


def _who_rerates(number: str) -> Staff:
    return person_who_may("rerating.make", number, doing="办理资费重批")


def _customer(code: str) -> int | None:
    if not code:
        return None
    found = Customer.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise BadInputError(("customer", f"没有客户 {code}。"))
    return int(found)
