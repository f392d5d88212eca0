-- Unpaid bills are paid from the ledgers of their accounts, oldest first, by ACC-3.
-- One journal per account; the entries stand in the order of payment (a reversal goes back by it).
WITH taken AS MATERIALIZED (
    SELECT * FROM billing_allocate(%(accounts)s::bigint[], %(on)s)
), journal AS MATERIALIZED (
    SELECT account_id, sum(amount_fen)::bigint AS amount_fen,
        nextval((SELECT pg_get_serial_sequence('billing_journal', 'id')::regclass)) AS id
    FROM taken
    GROUP BY account_id
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, by_id, ref)
    SELECT journal.id, 'bill_payment', %(at)s, now(), %(by)s, account.code
    FROM journal
    JOIN billing_account account ON account.id = journal.account_id
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen, bill_line_id)
    SELECT journal_id, ledger_id, money, amount_fen, line_id
    FROM (
        SELECT journal.id AS journal_id, taken.ledger_id, taken.money,
            -taken.amount_fen AS amount_fen, taken.line_id, taken.place
        FROM taken
        JOIN journal USING (account_id)
        UNION ALL
        SELECT id, %(receivable)s::bigint, 'cash', amount_fen, NULL, NULL
        FROM journal
    ) AS legs
    ORDER BY journal_id, place NULLS LAST
), paid_lines AS (
    UPDATE billing_billline line
    SET paid_fen = line.paid_fen + paid.amount_fen,
        paid_gift_fen = line.paid_gift_fen + paid.gift_fen
    FROM (
        SELECT line_id, sum(amount_fen) AS amount_fen,
            coalesce(sum(amount_fen) FILTER (WHERE money = 'gift'), 0) AS gift_fen
        FROM taken
        GROUP BY line_id
        ORDER BY line_id  -- page by page: a close pays them all
    ) AS paid
    WHERE line.id = paid.line_id
), paid_bills AS (
    UPDATE billing_bill bill
    SET paid_fen = bill.paid_fen + paid.amount_fen
    FROM (
        SELECT bill_id, sum(amount_fen) AS amount_fen FROM taken GROUP BY bill_id ORDER BY bill_id
    ) AS paid
    WHERE bill.id = paid.bill_id
)
SELECT count(*), coalesce(sum(amount_fen), 0) FROM journal
