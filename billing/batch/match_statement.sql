-- One day of a gateway: what its statement says against what our books say, line by line.
-- A trade agrees with the payment of its order, or with what we hold as nobody's. A refund agrees
-- with ours of its number; one that was made at the gateway by hand, with a payment taken back.
WITH theirs AS MATERIALIZED (
    SELECT line_no, number, trade_no, refund, refund_number, amount_fen, at
    FROM unnest(
        %(line_nos)s::int[], %(numbers)s::text[], %(trade_nos)s::text[], %(refunds)s::bool[],
        %(refund_numbers)s::text[], %(amounts)s::bigint[], %(moments)s::timestamptz[]
    ) AS stated (line_no, number, trade_no, refund, refund_number, amount_fen, at)
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
), held AS MATERIALIZED (
    SELECT id, trade_no, amount_fen
    FROM billing_unidentifiedpayment
    WHERE source = %(gateway)s AND trade_no <> ''
        AND trade_no IN (SELECT trade_no FROM theirs WHERE NOT refund)
), backs AS MATERIALIZED (
    SELECT back.id, back.number, back.trade_number, back.order_id, back.amount_fen, back.done_at,
        back.state = 'done' AS done,
        back.done_at >= %(begins)s AND back.done_at < %(ends)s AS of_the_day
    FROM billing_gatewayrefund back
    WHERE back.gateway = %(gateway)s
        AND (
            back.number IN (SELECT refund_number FROM theirs WHERE refund)
            OR (back.done_at >= %(begins)s AND back.done_at < %(ends)s)
        )
), lines AS (
    SELECT theirs.line_no, false AS refund, theirs.number, theirs.trade_no, '' AS refund_number,
        theirs.amount_fen AS theirs_fen, theirs.at AS paid_at, ours.id AS order_id,
        ours.payment_id, coalesce(ours.amount_fen, held.amount_fen) AS ours_fen,
        NULL::bigint AS back_id, held.id AS unidentified_id
    FROM theirs
    LEFT JOIN ours ON ours.number = theirs.number
    LEFT JOIN held ON held.trade_no = theirs.trade_no AND ours.id IS NULL
    WHERE NOT theirs.refund
    UNION ALL
    SELECT NULL, false, ours.number, ours.trade_no, '', NULL, ours.paid_at, ours.id,
        ours.payment_id, ours.amount_fen, NULL, NULL
    FROM ours
    WHERE ours.of_the_day AND ours.payment_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM theirs WHERE theirs.number = ours.number AND NOT theirs.refund
        )
    UNION ALL
    SELECT theirs.line_no, true, theirs.number, theirs.trade_no, theirs.refund_number,
        theirs.amount_fen, theirs.at, ours.id,
        CASE WHEN backs.id IS NULL THEN ours.payment_id END,
        CASE
            WHEN backs.id IS NOT NULL THEN CASE WHEN backs.done THEN backs.amount_fen END
            WHEN ours.reversed_at IS NOT NULL AND NOT EXISTS (
                SELECT FROM billing_gatewayrefund own
                WHERE own.order_id = ours.id AND own.state <> 'refused'
            ) THEN ours.amount_fen
        END,
        backs.id, NULL
    FROM theirs
    LEFT JOIN ours ON ours.number = theirs.number
    LEFT JOIN backs ON backs.number = theirs.refund_number
    WHERE theirs.refund
    UNION ALL
    SELECT NULL, true, backs.trade_number, '', backs.number, NULL, backs.done_at, backs.order_id,
        NULL, backs.amount_fen, backs.id, NULL
    FROM backs
    WHERE backs.of_the_day AND backs.done
        AND NOT EXISTS (
            SELECT FROM theirs WHERE theirs.refund AND theirs.refund_number = backs.number
        )
), bad AS (
    SELECT line_no, raw, reason
    FROM unnest(%(bad_nos)s::int[], %(bad_raws)s::text[], %(bad_reasons)s::text[])
        AS unread (line_no, raw, reason)
), written AS (
    INSERT INTO billing_reconciliationline (
        reconciliation_id, line_no, kind, refund, number, trade_no, refund_number, theirs_fen,
        ours_fen, paid_at, order_id, payment_id, back_id, unidentified_id, raw, reason, action, note
    )
    SELECT %(reconciliation)s, line_no,
        CASE
            WHEN theirs_fen IS NULL THEN 'ours'
            WHEN ours_fen IS NULL THEN 'theirs'
            WHEN theirs_fen <> ours_fen THEN 'amount'
            ELSE 'matched'
        END,
        refund, number, trade_no, refund_number, theirs_fen, ours_fen, paid_at, order_id,
        payment_id, back_id, unidentified_id, '', '', '', ''
    FROM lines
    UNION ALL
    SELECT %(reconciliation)s, line_no, 'bad', false, '', '', '', NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, raw, reason, '', ''
    FROM bad
    RETURNING kind
)
SELECT kind, count(*) FROM written GROUP BY kind
