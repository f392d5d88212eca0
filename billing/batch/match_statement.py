"""A statement against our books, in one statement of SQL however long it is."""

from collections.abc import Mapping
from datetime import timedelta

from billing.batch import sql
from billing.models import Reconciliation
from billing.rules.gateway_statements import Statement
from bss.kernel.periods import day_start


def match_statement(reconciliation: Reconciliation, statement: Statement) -> Mapping[str, int]:
    """Write the lines of a reconciliation; give how many there are of each kind.

    The caller holds the day (its row is unique) and writes the audit.
    """
    trades, bad = statement.trades, statement.bad
    rows = sql.run(
        "match_statement",
        {
            "reconciliation": reconciliation.pk,
            "gateway": reconciliation.gateway,
            "begins": day_start(reconciliation.day),
            "ends": day_start(reconciliation.day + timedelta(days=1)),
            "line_nos": [trade.line_no for trade in trades],
            "numbers": [trade.number for trade in trades],
            "trade_nos": [trade.trade_no for trade in trades],
            "refunds": [trade.refund for trade in trades],
            "refund_numbers": [trade.refund_number for trade in trades],
            "amounts": [trade.amount_fen for trade in trades],
            "moments": [trade.at for trade in trades],
            "bad_nos": [line.line_no for line in bad],
            "bad_raws": [line.raw for line in bad],
            "bad_reasons": [line.reason for line in bad],
        },
    )
    return dict(rows)
