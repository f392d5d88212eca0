-- Every journal has entries, and they sum to zero. A bill of nothing at all has none.
SELECT 'journal:' || journal.id AS subject, journal.ref AS name, journal.kind AS part,
    0 AS expected_fen, coalesce(posted.amount_fen, 0) AS found_fen
FROM billing_journal journal
LEFT JOIN (
    SELECT journal_id, sum(amount_fen)::bigint AS amount_fen
    FROM billing_entry
    GROUP BY journal_id
) AS posted ON posted.journal_id = journal.id
WHERE posted.amount_fen <> 0
    OR posted.journal_id IS NULL AND journal.kind <> 'bill'
