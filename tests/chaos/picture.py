"""What a database says, by natural keys: the same after a storm as after a calm."""

from collections.abc import Mapping

from django.db import connection

Picture = Mapping[str, tuple[tuple[str, ...], ...]]

OF_ACCOUNT = "coalesce(account.code, 'house') || '/' || ledger.name"
LOOKS = {
    "ledgers": f"""
        SELECT {OF_ACCOUNT}, ledger.cash_fen, ledger.gift_fen, (
            SELECT sum(amount_fen) FROM billing_entry WHERE ledger_id = ledger.id
        )
        FROM billing_ledger ledger LEFT JOIN billing_account account ON account.id = account_id
    """,
    "journals": f"""
        SELECT journal.kind, journal.ref, journal.at, sum(entry.amount_fen), string_agg(
            concat_ws(' ', {OF_ACCOUNT}, entry.money, entry.amount_fen, line.item,
                subscription.number),
            ', ' ORDER BY {OF_ACCOUNT}, entry.money, entry.amount_fen, line.item
        )
        FROM billing_journal journal
        JOIN billing_entry entry ON entry.journal_id = journal.id
        JOIN billing_ledger ledger ON ledger.id = entry.ledger_id
        LEFT JOIN billing_account account ON account.id = ledger.account_id
        LEFT JOIN billing_billline line ON line.id = entry.bill_line_id
        LEFT JOIN customers_subscription subscription ON subscription.id = line.subscription_id
        GROUP BY journal.id
    """,
    "payments": """
        SELECT payment.key, account.code, payment.amount_fen, payment.means, payment.reversed_at
        FROM billing_payment payment JOIN billing_account account ON account.id = account_id
    """,
    "refunds": """
        SELECT refund.key, account.code, refund.amount_fen, refund.state
        FROM billing_refund refund JOIN billing_account account ON account.id = account_id
    """,
    "debits": """
        SELECT account.code, line.position, line.amount_fen, line.state, payment.key
        FROM billing_debitline line
        JOIN billing_account account ON account.id = line.account_id
        LEFT JOIN billing_payment payment ON payment.id = line.payment_id
    """,
    "bank files": """
        SELECT sha256, state, lines_count, done_count, faults_count FROM billing_bankfile
    """,
    "revenue facts": "SELECT payment_ref, amount_fen, means FROM channels_revenuefact",
    "bills": """
        SELECT account.code, bill.month, bill.total_fen, bill.paid_fen, bill.issued_at
        FROM billing_bill bill JOIN billing_account account ON account.id = bill.account_id
    """,
    "bill lines": """
        SELECT account.code, bill.month, line.position, subscription.number, line.item,
            line.amount_fen, line.paid_fen, line.paid_gift_fen, line.tax_fen, line.usage_hao
        FROM billing_billline line
        JOIN billing_bill bill ON bill.id = line.bill_id
        JOIN billing_account account ON account.id = bill.account_id
        LEFT JOIN customers_subscription subscription ON subscription.id = line.subscription_id
    """,
    "revenue shares": """
        SELECT account.code, bill.month, line.position, share.service, share.amount_fen,
            share.tax_percent, share.tax_fen
        FROM billing_revenueshare share
        JOIN billing_billline line ON line.id = share.line_id
        JOIN billing_bill bill ON bill.id = line.bill_id
        JOIN billing_account account ON account.id = bill.account_id
    """,
    "usage files": "SELECT name, sha256, records, rated, late FROM billing_usagefile",
    "rejects": """
        SELECT file.name, reject.line_no, reject.reason, reject.line, reject.state
        FROM billing_usagereject reject JOIN billing_usagefile file ON file.id = reject.file_id
    """,
    "pools": """
        SELECT bundle.code, pool.month, pool.minutes, pool.used, pool.vpn_used
        FROM packages_wo_pool pool JOIN packages_wo_bundle bundle ON bundle.id = pool.bundle_id
    """,
    "terms": """
        SELECT bundle.code, term.scheme, term.tier, term.valid_from, term.valid_until
        FROM packages_wo_bundleterm term JOIN packages_wo_bundle bundle ON bundle.id = bundle_id
    """,
    "payers": """
        SELECT subscription.number, account.code, relation.valid_from, relation.valid_until
        FROM billing_payrelation relation
        JOIN customers_subscription subscription ON subscription.id = relation.subscription_id
        JOIN billing_account account ON account.id = relation.account_id
    """,
    "states": """
        SELECT subscription.number, state.state, state.stop_reason, state.valid_from,
            state.valid_until
        FROM customers_subscriptionstate state
        JOIN customers_subscription subscription ON subscription.id = state.subscription_id
    """,
    "debt stops": """
        SELECT subscription.number, account.code, stop.stopped_at, stop.lifted_at
        FROM billing_debtstop stop
        JOIN customers_subscription subscription ON subscription.id = stop.subscription_id
        JOIN billing_account account ON account.id = stop.account_id
    """,
    "months": "SELECT 'closed', month FROM billing_closedmonth"
    " UNION ALL SELECT 'started', month FROM billing_startedmonth",
    "runs": "SELECT kind, key, state FROM kernel_batchrun",
    "told to the audit": """
        SELECT action, count(*) FROM kernel_auditentry
        WHERE action ~ '^(payment|usage|month_start|close_month)' AND kind = 'act'
        GROUP BY action
    """,
}


def look() -> Picture:
    """Every row as text, in one order."""
    with connection.cursor() as cursor:
        seen = {}
        for name, question in LOOKS.items():
            cursor.execute(f"SELECT to_jsonb(row)::text FROM ({question}) AS row ORDER BY 1")
            seen[name] = tuple(cursor.fetchall())
    return seen


def differences(calm: Picture, storm: Picture) -> list[str]:
    """A line for each row that only one of the two has."""
    found = []
    for name in calm:
        ours, theirs = list(calm[name]), list(storm[name])
        for row in ours[:]:
            if row in theirs:
                ours.remove(row)
                theirs.remove(row)
        found += [f"{name}: missing {row[0]}" for row in ours]
        found += [f"{name}: more {row[0]}" for row in theirs]
    return found
