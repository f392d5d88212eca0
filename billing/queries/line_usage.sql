-- The records behind one bill line. Who pays a record is decided as in
-- billing/batch/usage_charges.sql: a unified account that pays in the billed month, else the own
-- account that the subscription had when the call began (ACC-8).
SELECT record.month, record.start_at, record.end_at, record.duration_s, record.file_id, record.line,
       record.item, record.way, record.quantity, record.vpn_before, record.vpn_minutes,
       record.draw_before, record.drawn_units, record.amount_hao, record.info_fee_hao
FROM (
    SELECT *, end_at - duration_s * interval '1 second' AS start_at
    FROM (
        SELECT * FROM billing_record
        UNION ALL
        SELECT * FROM jsonb_populate_recordset(NULL::billing_record, %(archived)s)
    ) kept
    WHERE subscription_id = %(subscription)s AND billed_month = %(billed_month)s
      AND month BETWEEN %(billed_month)s - interval '1 month' AND %(billed_month)s
) record
LEFT JOIN LATERAL (
    SELECT account.id
    FROM billing_payrelation relation
    JOIN billing_account account ON account.id = relation.account_id AND account.kind = 'unified'
    WHERE relation.subscription_id = record.subscription_id
      AND relation.valid_from <= greatest(record.start_at, %(billed_from)s)
      AND coalesce(relation.valid_until, 'infinity') > greatest(record.start_at, %(billed_from)s)
) unified ON true
LEFT JOIN LATERAL (
    SELECT account.id
    FROM billing_account account
    WHERE account.subscription_id = record.subscription_id
    ORDER BY account.opened_at <= record.start_at DESC,  -- the first one also before it was opened
        CASE WHEN account.opened_at <= record.start_at THEN account.id END DESC, account.id
    LIMIT 1
) own ON true
WHERE coalesce(unified.id, own.id) = %(account)s
  AND CASE WHEN %(item)s = 'LATE_USAGE' THEN record.month <> record.billed_month
           WHEN %(item)s = 'INFO_FEE'
               THEN record.month = record.billed_month AND record.info_fee_hao <> 0
           ELSE record.month = record.billed_month
               AND record.item = array_position(%(items)s::text[], %(item)s) - 1 END
