-- Every bill of a month is posted once, whole, and nothing else is posted as a bill.
SELECT coalesce('bill:' || issued.id, 'journal:' || posted.journal_id) AS subject,
    coalesce(issued.ref, posted.ref) AS name, 'total' AS part,
    coalesce(issued.total_fen, 0) AS expected_fen, coalesce(posted.amount_fen, 0) AS found_fen
FROM (
    SELECT bill.id, bill.total_fen,
        account.code || '/' || to_char(bill.month, 'YYYY-MM') AS ref
    FROM billing_bill bill
    JOIN billing_account account ON account.id = bill.account_id
    WHERE bill.month IS NOT NULL
) AS issued
FULL JOIN (
    SELECT journal.ref, min(journal.id) AS journal_id, -sum(entry.amount_fen)::bigint AS amount_fen
    FROM billing_journal journal
    LEFT JOIN billing_entry entry
        ON entry.journal_id = journal.id AND entry.ledger_id = %(receivable)s
    WHERE journal.kind = 'bill'
    GROUP BY journal.ref
) AS posted USING (ref)
WHERE coalesce(issued.total_fen, 0) <> coalesce(posted.amount_fen, 0)
