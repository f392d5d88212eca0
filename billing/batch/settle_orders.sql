-- QR orders whose money was booked from a statement: paid, as ``GatewayOrder.pay`` says it.
WITH booked AS (
    SELECT line_id, order_id, payment_id
    FROM unnest(%(lines)s::bigint[], %(orders)s::bigint[], %(payments)s::bigint[])
        AS given (line_id, order_id, payment_id)
), paid AS (
    UPDATE billing_gatewayorder asked
    SET late = asked.state = 'closed', state = 'paid', payment_id = booked.payment_id,
        paid_fen = line.theirs_fen, paid_at = line.paid_at, trade_no = line.trade_no,
        settled_at = %(at)s, problem = ''
    FROM booked
    JOIN billing_reconciliationline line ON line.id = booked.line_id
    WHERE asked.id = booked.order_id AND asked.state = ANY(%(sources)s)
    RETURNING asked.id
)
UPDATE billing_reconciliationline line
SET action = 'booked', done_at = %(at)s, done_by_id = %(by)s, payment_id = booked.payment_id
FROM booked
JOIN paid ON paid.id = booked.order_id
WHERE line.id = booked.line_id
RETURNING line.id
