-- Minutes that a bundle's calls drew, by the day on which they ended, and up to its end.
WITH member AS (
    SELECT subscription_id
    FROM packages_wo_membership
    WHERE bundle_id = %(bundle)s AND state IN ('in_force', 'ended')
        AND valid_from <= %(month)s
        AND (valid_until IS NULL OR valid_until > %(month)s)
), drawn AS (
    SELECT CAST(r.end_at AT TIME ZONE 'Asia/Shanghai' AS date) AS day,
        coalesce(sum(r.drawn_units) FILTER (WHERE r.way = ANY (%(pool_ways)s)), 0) AS pool,
        coalesce(sum(r.vpn_minutes) FILTER (WHERE r.way = ANY (%(vpn_ways)s)), 0) AS vpn
    FROM (
        SELECT subscription_id, bundle_id, month, end_at, way, vpn_minutes, drawn_units
        FROM billing_record
        UNION ALL
        SELECT subscription_id, bundle_id, month, end_at, way, vpn_minutes, drawn_units
        FROM jsonb_populate_recordset(NULL::billing_record, %(archived)s)
    ) r
    JOIN member USING (subscription_id)
    WHERE r.month = %(month)s AND r.bundle_id = %(bundle)s
    GROUP BY day
)
SELECT day, pool, vpn, sum(pool) OVER (ORDER BY day), sum(vpn) OVER (ORDER BY day)
FROM drawn
ORDER BY day
