-- Each answered line gets its state, the bank's code and reference, and its payment.
UPDATE billing_debitline line
SET state = CASE WHEN given.payment_id IS NULL THEN 'refused' ELSE 'settled' END,
    reason = given.answer, reference = given.reference, payment_id = given.payment_id,
    answered_in_id = %(file)s, answered_at = %(at)s
FROM unnest(
    %(lines)s::bigint[], %(answers)s::text[], %(references)s::text[], %(payments)s::bigint[]
) AS given (line_id, answer, reference, payment_id)
WHERE line.id = given.line_id
