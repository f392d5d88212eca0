-- A payment's journal brought its amount into its ledger; it is taken back when it says so.
SELECT 'payment:' || payment.id AS subject, account.code || ' ' || payment.key AS name, 'cash' AS part,
    CASE WHEN payment.reversed_at IS NULL THEN payment.amount_fen ELSE 0 END AS expected_fen,
    posted.amount_fen AS found_fen
FROM billing_payment payment
JOIN billing_account account ON account.id = payment.account_id
CROSS JOIN LATERAL (
    SELECT coalesce(sum(entry.amount_fen), 0)::bigint AS amount_fen
    FROM billing_journal journal
    JOIN billing_entry entry
        ON entry.journal_id = journal.id AND entry.ledger_id = payment.ledger_id
        AND entry.bill_line_id IS NULL
    WHERE journal.id = payment.journal_id OR journal.reverses_id = payment.journal_id
) AS posted
WHERE posted.amount_fen
    <> CASE WHEN payment.reversed_at IS NULL THEN payment.amount_fen ELSE 0 END
