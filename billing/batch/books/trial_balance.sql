-- All books together come to zero.
SELECT 'books' AS subject, '' AS name, '' AS part, 0 AS expected_fen, total.amount_fen AS found_fen
FROM (SELECT coalesce(sum(amount_fen), 0)::bigint AS amount_fen FROM billing_entry) AS total
WHERE total.amount_fen <> 0
