-- Movements whose money is in an account now, with the journals that put it there.
UPDATE billing_statementline line
SET state = 'booked', matched_by = given.matched_by, account_id = payment.account_id,
    journal_id = payment.journal_id
FROM unnest(%(lines)s::bigint[], %(ways)s::text[], %(payments)s::bigint[])
    AS given (line_id, matched_by, payment_id)
JOIN billing_payment payment ON payment.id = given.payment_id
WHERE line.id = given.line_id
