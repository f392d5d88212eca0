-- One journal per bill: what is owed, what was earned by item, and the tax in it (ACC-6).
WITH issued AS MATERIALIZED (
    SELECT bill.id, bill.total_fen, account.code,
        nextval((SELECT pg_get_serial_sequence('billing_journal', 'id')::regclass)) AS journal_id
    FROM billing_bill bill
    JOIN billing_account account ON account.id = bill.account_id
    JOIN close_billed USING (account_id)
    WHERE bill.month = %(month)s
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, ref)
    SELECT journal_id, 'bill', %(at)s, now(), code || '/' || to_char(%(month)s, 'YYYY-MM')
    FROM issued
), line AS (
    SELECT issued.journal_id, line.item, sum(line.amount_fen - line.tax_fen)::bigint AS net_fen,
        sum(line.tax_fen)::bigint AS tax_fen
    FROM issued
    JOIN billing_billline line ON line.bill_id = issued.id
    GROUP BY issued.journal_id, line.item
), leg AS (
    SELECT journal_id, %(receivable)s::bigint AS ledger_id, -total_fen AS amount_fen
    FROM issued
    UNION ALL
    SELECT line.journal_id, revenue.ledger_id, line.net_fen
    FROM line
    JOIN unnest(%(items)s::text[], %(revenue)s::bigint[]) AS revenue (item, ledger_id) USING (item)
    UNION ALL
    SELECT journal_id, %(tax)s, sum(tax_fen)::bigint
    FROM line
    GROUP BY journal_id
)
INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)
SELECT journal_id, ledger_id, 'cash', amount_fen
FROM leg
WHERE amount_fen <> 0
ORDER BY journal_id
