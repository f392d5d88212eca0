-- Per subject (a house ledger, or the customers' ledgers of one kind and money): the balance before
-- the month, and both sides of what was posted in it.
SELECT CASE WHEN ledger.kind = 'house' THEN ledger.name ELSE '' END AS house_ledger,
    CASE WHEN ledger.kind = 'house' THEN '' ELSE ledger.kind END AS customers_kind,
    CASE WHEN ledger.kind = 'house' THEN '' ELSE moved.money END AS customers_money,
    sum(moved.opening_fen)::bigint, sum(moved.debit_fen)::bigint, sum(moved.credit_fen)::bigint
FROM (
    SELECT entry.ledger_id, entry.money,
        coalesce(sum(entry.amount_fen) FILTER (WHERE journal.at < %(starts_at)s), 0) AS opening_fen,
        coalesce(-sum(entry.amount_fen) FILTER (
            WHERE journal.at >= %(starts_at)s AND entry.amount_fen < 0), 0) AS debit_fen,
        coalesce(sum(entry.amount_fen) FILTER (
            WHERE journal.at >= %(starts_at)s AND entry.amount_fen > 0), 0) AS credit_fen
    FROM billing_entry entry
    JOIN billing_journal journal ON journal.id = entry.journal_id
    WHERE journal.at < %(ends_at)s
    GROUP BY entry.ledger_id, entry.money
) AS moved
JOIN billing_ledger ledger ON ledger.id = moved.ledger_id
GROUP BY 1, 2, 3
