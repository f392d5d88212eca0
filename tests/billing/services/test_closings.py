"""Closing what was given up: after the quarantine, and with its debts kept."""

import pytest

from billing.models import DebtStop
from billing.queries import endings
from billing.services import closings
from bss.kernel.errors import BadInputError
from customers.models import NumberAssignment, Subscription
from tests.builders.billing import moment
from tests.builders.credit import a_debtor, run_on

pytestmark = pytest.mark.django_db


def test_it_may_be_closed_ninety_days_later_and_owes_what_it_owed() -> None:
    line, account, bill = a_debtor()
    run_on("2027-01-01")
    with pytest.raises(BadInputError, match="不在预销号状态"):
        closings.close(subscription_id=line.pk, at=moment("2027-02-01T10:00"), by_id=None)
    run_on("2027-04-01")
    with pytest.raises(BadInputError, match="2027-06-30 起可以销户结案"):
        closings.close(subscription_id=line.pk, at=moment("2027-06-29T10:00"), by_id=None)
    at = moment("2027-06-30T10:00")
    closings.close(subscription_id=line.pk, at=at, by_id=None)
    row = Subscription.objects.get(pk=line.pk)
    bill.refresh_from_db()
    assert (row.state, row.ended_at, bill.due_fen) == ("terminated", at, 2500)
    assert not NumberAssignment.objects.filter(valid_until__isnull=True).exists()
    assert not account.pay_relations.filter(valid_until__isnull=True).exists()
    assert DebtStop.objects.get().lifted_at == at


@pytest.mark.parametrize(
    ("on", "stages"),
    [
        ("2027-01-02", {"stopped"}),
        ("2027-03-01", {"stopped"}),
        ("2027-03-02", {"stopped", "soon"}),
    ],
)
def test_the_worklist_says_how_near_the_end_is(on: str, stages: set[str]) -> None:
    line, _, _ = a_debtor()
    run_on("2027-01-01")
    day = moment(f"{on}T10:00").date()
    found = {
        stage
        for stage in ("stopped", "soon", "ended", "closable")
        if endings.of_stage(endings.endings(), stage, on=day).filter(pk=line.pk).exists()
    }
    assert found == stages
    row = endings.endings().get(pk=line.pk)
    assert (row.owed_fen, endings.ends_on(row)) == (2500, moment("2027-04-01T00:00").date())
