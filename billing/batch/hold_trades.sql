-- Trades that a gateway states for orders we do not know: at once on the house's unidentified
-- ledger, each once, whoever told of it first.
WITH line AS MATERIALIZED (
    SELECT line.id, day.gateway, line.number, line.trade_no, line.theirs_fen, line.paid_at
    FROM billing_reconciliationline line
    JOIN billing_reconciliation day ON day.id = line.reconciliation_id
    WHERE day.id = %(reconciliation)s AND line.kind = 'theirs' AND line.action = ''
        AND NOT line.refund AND line.order_id IS NULL AND line.payment_id IS NULL
        AND (line.id = %(line)s OR %(line)s IS NULL)
), kept AS (
    INSERT INTO billing_unidentifiedpayment (
        source, number, trade_no, amount_fen, arrived_on, state, reason
    )
    SELECT gateway, number, trade_no, theirs_fen,
        (paid_at AT TIME ZONE 'Asia/Shanghai')::date, 'open', ''
    FROM line
    ORDER BY line.id
    ON CONFLICT (source, trade_no) WHERE trade_no <> '' DO NOTHING
    RETURNING id, source, trade_no, amount_fen
), numbered AS MATERIALIZED (
    SELECT kept.*, nextval(pg_get_serial_sequence('billing_journal', 'id')) AS journal_id FROM kept
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, by_id, ref)
    SELECT journal_id, 'unidentified', %(at)s, now(), %(by)s, source || ' ' || trade_no
    FROM numbered
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)
    SELECT journal_id, leg.ledger_id, 'cash', leg.amount_fen
    FROM numbered
    CROSS JOIN LATERAL (
        VALUES (%(source)s, -numbered.amount_fen), (%(unidentified)s, numbered.amount_fen)
    ) AS leg (ledger_id, amount_fen)
)
UPDATE billing_reconciliationline
SET action = 'held', unidentified_id = numbered.id, done_at = %(at)s, done_by_id = %(by)s
FROM line
JOIN numbered ON numbered.trade_no = line.trade_no
WHERE billing_reconciliationline.id = line.id
RETURNING numbered.amount_fen
