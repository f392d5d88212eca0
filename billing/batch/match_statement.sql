-- One day of a gateway: what its statement says against what our books say, line by line.
-- A refund agrees with a payment that was taken back; a trade agrees with the payment of its order.
WITH theirs AS MATERIALIZED (
    SELECT line_no, number, trade_no, refund, amount_fen, at
    FROM unnest(
        %(line_nos)s::int[], %(numbers)s::text[], %(trade_nos)s::text[], %(refunds)s::bool[],
        %(amounts)s::bigint[], %(moments)s::timestamptz[]
    ) AS stated (line_no, number, trade_no, refund, amount_fen, at)
), ours AS MATERIALIZED (
    SELECT asked.id, asked.number, asked.trade_no, asked.paid_at, payment.id AS payment_id,
        payment.amount_fen, payment.reversed_at,
        asked.paid_at >= %(begins)s AND asked.paid_at < %(ends)s AS of_the_day
    FROM billing_gatewayorder asked
    LEFT JOIN billing_payment payment ON payment.id = asked.payment_id
    WHERE asked.gateway = %(gateway)s
        AND (
            asked.number IN (SELECT number FROM theirs)
            OR (asked.paid_at >= %(begins)s AND asked.paid_at < %(ends)s)
        )
), lines AS (
    SELECT theirs.line_no, theirs.refund, theirs.number, theirs.trade_no,
        theirs.amount_fen AS theirs_fen, theirs.at AS paid_at, ours.id AS order_id,
        CASE WHEN NOT theirs.refund OR ours.reversed_at IS NOT NULL THEN ours.payment_id END
            AS payment_id,
        CASE WHEN NOT theirs.refund OR ours.reversed_at IS NOT NULL THEN ours.amount_fen END
            AS ours_fen
    FROM theirs
    LEFT JOIN ours ON ours.number = theirs.number
    UNION ALL
    SELECT NULL, false, ours.number, ours.trade_no, NULL, ours.paid_at, ours.id, ours.payment_id,
        ours.amount_fen
    FROM ours
    WHERE ours.of_the_day AND ours.payment_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM theirs WHERE theirs.number = ours.number AND NOT theirs.refund
        )
), bad AS (
    SELECT line_no, raw, reason
    FROM unnest(%(bad_nos)s::int[], %(bad_raws)s::text[], %(bad_reasons)s::text[])
        AS unread (line_no, raw, reason)
), written AS (
    INSERT INTO billing_reconciliationline (
        reconciliation_id, line_no, kind, refund, number, trade_no, theirs_fen, ours_fen, paid_at,
        order_id, payment_id, raw, reason, action, note
    )
    SELECT %(reconciliation)s, line_no,
        CASE
            WHEN theirs_fen IS NULL THEN 'ours'
            WHEN ours_fen IS NULL THEN 'theirs'
            WHEN theirs_fen <> ours_fen THEN 'amount'
            ELSE 'matched'
        END,
        refund, number, trade_no, theirs_fen, ours_fen, paid_at, order_id, payment_id, '', '', '',
        ''
    FROM lines
    UNION ALL
    SELECT %(reconciliation)s, line_no, 'bad', false, '', '', NULL, NULL, NULL, NULL, NULL, raw,
        reason, '', ''
    FROM bad
    RETURNING kind
)
SELECT kind, count(*) FROM written GROUP BY kind
