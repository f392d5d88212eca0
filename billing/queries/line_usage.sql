-- The records behind one bill line, in the order in which they were served. Who pays a record is
-- decided as in billing/batch/usage_charges.sql: a unified account that pays in the billed month,
-- else the own account that the subscription had when the call began (ACC-8).
SELECT u.record_id, u.start_at, u.end_at, u.call_type, u.other_number, u.visited_area,
       u.duration_s, u.volume_kb, u.month, r.item, r.way, r.quantity, r.vpn_before, r.vpn_minutes,
       r.draw_before AS drawn_before, r.pool_minutes, r.plan_units, r.charged_units,
       r.amount_hao, r.info_fee_hao
FROM billing_rated_usage r
JOIN billing_usage u ON u.month = r.month AND u.id = r.usage_id
LEFT JOIN LATERAL (
    SELECT account.id
    FROM billing_payrelation relation
    JOIN billing_account account ON account.id = relation.account_id AND account.kind = 'unified'
    WHERE relation.subscription_id = r.subscription_id
      AND relation.valid_from <= greatest(u.start_at, %(billed_from)s)
      AND coalesce(relation.valid_until, 'infinity') > greatest(u.start_at, %(billed_from)s)
) unified ON true
LEFT JOIN LATERAL (
    SELECT account.id
    FROM billing_account account
    WHERE account.subscription_id = r.subscription_id
    ORDER BY account.opened_at <= u.start_at DESC,  -- the first one also before it was opened
        CASE WHEN account.opened_at <= u.start_at THEN account.id END DESC, account.id
    LIMIT 1
) own ON true
WHERE r.subscription_id = %(subscription)s AND r.billed_month = %(billed_month)s
  AND r.month BETWEEN %(billed_month)s - interval '1 month' AND %(billed_month)s
  AND coalesce(unified.id, own.id) = %(account)s
  AND CASE WHEN %(item)s = 'LATE_USAGE' THEN r.month <> r.billed_month
           WHEN %(item)s = 'INFO_FEE' THEN r.month = r.billed_month AND r.info_fee_hao <> 0
           ELSE r.month = r.billed_month AND r.item = %(item)s END
ORDER BY u.month, u.end_at, u.record_id
