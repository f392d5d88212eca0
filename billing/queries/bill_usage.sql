-- What the rated records of a billed month come to, by subscription and charge item, as
-- billing/batch/usage_charges.sql makes lines of them: late records on their own, information fees
-- apart from the calls they came with.
SELECT r.subscription_id,
    CASE WHEN r.month < r.billed_month THEN 'LATE_USAGE' ELSE part.item END AS item,
    sum(part.amount_hao) AS amount_hao, count(*) AS records,
    sum(part.free_units) AS free_units, sum(part.charged_units) AS charged_units
FROM (
    SELECT subscription_id, month, billed_month, item, amount_hao, info_fee_hao, quantity,
        vpn_minutes, drawn_units
    FROM billing_record
    UNION ALL
    SELECT subscription_id, month, billed_month, item, amount_hao, info_fee_hao, quantity,
        vpn_minutes, drawn_units
    FROM jsonb_populate_recordset(NULL::billing_record, %(archived)s)
) r
CROSS JOIN LATERAL (
    VALUES
        ((%(items)s::text[])[r.item + 1], r.amount_hao, r.vpn_minutes + r.drawn_units,
         r.quantity - r.vpn_minutes - r.drawn_units),
        ('INFO_FEE', r.info_fee_hao, 0, 0)
) AS part (item, amount_hao, free_units, charged_units)
WHERE r.subscription_id = ANY (%(subscriptions)s::bigint[])
    AND r.billed_month = %(month)s
    AND r.month BETWEEN %(month)s - interval '1 month' AND %(month)s
    AND (part.item <> 'INFO_FEE' OR part.amount_hao <> 0)
GROUP BY 1, 2
