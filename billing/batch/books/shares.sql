-- Where a line's revenue is shared out over services, the shares are the line, and their tax its tax.
SELECT 'bill:' || line.bill_id AS subject, line.item AS name, part.what AS part,
    part.stated_fen AS expected_fen, part.shared_fen AS found_fen
FROM billing_billline line
JOIN (
    SELECT line_id, sum(amount_fen)::bigint AS amount_fen, sum(tax_fen)::bigint AS tax_fen
    FROM billing_revenueshare
    GROUP BY line_id
) AS shares ON shares.line_id = line.id
CROSS JOIN LATERAL (
    VALUES ('amount', line.amount_fen, shares.amount_fen), ('tax', line.tax_fen, shares.tax_fen)
) AS part (what, stated_fen, shared_fen)
WHERE part.stated_fen <> part.shared_fen
