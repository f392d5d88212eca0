-- The records behind one bill line, in the order in which they were served; payer as in
-- usage_charges.sql.
WITH transfer AS (
    SELECT * FROM (
        SELECT subscription_id, valid_from AS at,
               lag(valid_from) OVER (PARTITION BY subscription_id ORDER BY valid_from) AS previous
        FROM customers_ownership
        WHERE subscription_id = %(subscription)s
    ) o
    WHERE previous IS NOT NULL AND at <= %(billed_from)s
)
SELECT u.record_id, u.start_at, u.end_at, u.call_type, u.other_number, u.visited_area,
       u.duration_s, u.volume_kb, u.month, r.item, r.way, r.quantity, r.vpn_before, r.vpn_minutes,
       r.draw_before AS drawn_before, r.pool_minutes, r.plan_units, r.charged_units,
       r.amount_hao, r.info_fee_hao
FROM billing_rated_usage r
JOIN billing_usage u ON u.month = r.month AND u.id = r.usage_id
LEFT JOIN transfer t ON t.previous <= u.start_at AND u.start_at < t.at
CROSS JOIN LATERAL (
    SELECT CASE WHEN t.at IS NULL THEN greatest(u.start_at, %(billed_from)s)
                WHEN t.at > CAST(r.month AS timestamp) AT TIME ZONE 'Asia/Shanghai'
                    THEN greatest(u.start_at,
                                  CAST(r.month AS timestamp) AT TIME ZONE 'Asia/Shanghai')
                ELSE u.start_at END AS paid_as_of
) m
JOIN billing_payrelation p
  ON p.subscription_id = r.subscription_id AND p.account_id = %(account)s
 AND p.valid_from <= m.paid_as_of AND (p.valid_until IS NULL OR m.paid_as_of < p.valid_until)
WHERE r.subscription_id = %(subscription)s AND r.billed_month = %(billed_month)s
  AND r.month IN (%(billed_month)s, %(previous_month)s)
  AND CASE WHEN %(item)s = 'LATE_USAGE' THEN r.month <> r.billed_month
           WHEN %(item)s = 'INFO_FEE' THEN r.month = r.billed_month AND r.info_fee_hao <> 0
           ELSE r.month = r.billed_month AND r.item = %(item)s END
ORDER BY u.month, u.end_at, u.record_id
