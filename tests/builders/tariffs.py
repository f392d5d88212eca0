"""A corrected catalogue, loaded over the sample one; and a re-rating through two persons."""

from copy import deepcopy
from datetime import datetime
from typing import Any

import yaml

from billing.models import Account, ReratedLine, Rerating
from billing.queries.rerated import totals_of
from billing.services import reratings
from bss.kernel import approvals
from bss.kernel.periods import Month
from customers.models import Subscription
from packages_wo.models import CatalogueVersion
from packages_wo.services.catalogue import load_catalogue
from tests.builders.billing import moment
from tests.builders.staff import a_staff
from tests.builders.usage import CATALOGUE, OCTOBER

AFTER_THE_CLOSE = moment("2026-11-05T10:00")


def a_corrected_catalogue(
    *,
    name: str = "corrected",
    since: Month = OCTOBER,
    at: datetime = AFTER_THE_CLOSE,
    **sections: Any,
) -> CatalogueVersion:
    """The sample with these sections merged over it, from a wrong month on."""
    document = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    merged = _merged(document, {"version": name, **sections})
    return load_catalogue(document=merged, at=at, effective_from=since.first_day)


def a_rerating(account: Account, subscription: Subscription, *, at: datetime) -> Rerating:
    """A preview of one line, as a page shows it."""
    rerating = Rerating.objects.create(
        first_month=OCTOBER.first_day,
        last_month=OCTOBER.first_day,
        customer=account.owner,
        at=at,
        state="looked",
        digest="0" * 64,
    )
    ReratedLine.objects.create(
        rerating=rerating,
        month=OCTOBER.first_day,
        shard=0,
        account=account,
        subscription=subscription,
        item="PLAN_FEE",
        old_fen=30_00,
        new_fen=25_00,
        parts=[[9, -5_00, -41]],
        treatment="adjust",
    )
    month = {
        "month": str(OCTOBER),
        "is_closed": True,
        "records": 1,
        "accounts": 1,
        "less_fen": -5_00,
        "more_fen": 0,
    }
    item = {
        "item": "PLAN_FEE",
        "label": "单产品月费",
        "old_fen": 30_00,
        "new_fen": 25_00,
        "lines": 1,
    }
    why = {"account": account.code, "fen": -5_00, "month": str(OCTOBER), "why": "PLAN_FEE"}
    rerating.found = {
        "months": [month],
        "items": [item],
        "largest": [why],
        "totals": totals_of(rerating),
        "records": 1,
        "changed": 1,
        "unpriced": 0,
    }
    rerating.save(update_fields=["found"])
    return rerating


def a_preview(
    first: Month = OCTOBER,
    last: Month | None = None,
    *,
    at: datetime = AFTER_THE_CLOSE,
    **chosen: Any,
) -> Rerating:
    rerating = reratings.begin(
        first_month=first, last_month=last or first, at=at, by_id=None, **chosen
    )
    reratings.look(rerating)
    return rerating


def done(rerating: Rerating, *, at: datetime = AFTER_THE_CLOSE) -> Rerating:
    """Asked by one, approved by another, carried out."""
    approved(rerating, at=at)
    reratings.carry_out(rerating)
    return rerating


def approved(rerating: Rerating, *, at: datetime = AFTER_THE_CLOSE) -> None:
    number = rerating.pk
    maker = a_staff("batch_operator", username=f"maker-{number}")
    checker = a_staff("supervisor", username=f"checker-{number}")
    asked = reratings.ask(rerating_id=rerating.pk, by_id=maker.pk, at=at, reason="资费配错")
    approvals.decide(approval_id=asked.pk, decided_by_id=checker.pk, approve=True, at=at)
    rerating.refresh_from_db()


def _merged(under: Any, over: Any) -> Any:
    if not isinstance(over, dict) or not isinstance(under, dict):
        return deepcopy(over)
    keys = {**under, **over}
    return {key: _merged(under.get(key), over[key]) if key in over else under[key] for key in keys}
