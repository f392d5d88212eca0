-- One journal per bill that is written as paid: what its account's public ledger pays of each line,
-- in the order of payment (ACC-3, ACC-6).
WITH paid AS MATERIALIZED (
    SELECT bill.id AS bill_id, bill.paid_fen, paying.ledger_id, account.code,
        nextval((SELECT pg_get_serial_sequence('billing_journal', 'id')::regclass)) AS journal_id
    FROM close_paying paying
    JOIN billing_account account ON account.id = paying.account_id
    JOIN billing_bill bill ON bill.account_id = paying.account_id
    WHERE bill.month = %(month)s
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, ref)
    SELECT journal_id, 'bill_payment', %(at)s, now(), code
    FROM paid
), line AS MATERIALIZED (
    SELECT paid.journal_id, paid.ledger_id, line.id, line.paid_gift_fen AS gift_fen,
        line.paid_fen - line.paid_gift_fen AS cash_fen
    FROM paid
    JOIN billing_billline line USING (bill_id)
    WHERE line.paid_fen > 0
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen, bill_line_id)
    SELECT journal_id, ledger_id, money, amount_fen, line_id
    FROM (
        SELECT journal_id, ledger_id, 'gift' AS money, -gift_fen AS amount_fen, id AS line_id
        FROM line
        WHERE gift_fen > 0
        UNION ALL
        SELECT journal_id, ledger_id, 'cash', -cash_fen, id
        FROM line
        WHERE cash_fen > 0
        UNION ALL
        SELECT journal_id, %(receivable)s::bigint, 'cash', paid_fen, NULL
        FROM paid
    ) AS leg
    ORDER BY journal_id, line_id NULLS LAST, money DESC  -- a bill's lines have ids in their order
)
SELECT count(*), coalesce(sum(paid_fen), 0) FROM paid
