-- The lines of a re-rated month, as they stand and as they come out (GEN-3). Only those that differ
-- are given; the sums of all are in the rows without an account, one per item.
-- Over what a line is divided by rates of VAT is as it comes out (BIL-4, BIL-5).
ANALYZE close_charge, close_part, rerated_old;

WITH fresh AS (
    SELECT account_id, subscription_id, item,
        billing_half_up(sum(amount_hao)::bigint, 100) AS fen
    FROM close_charge
    JOIN rerated_scope USING (subscription_id)
    WHERE item = ANY (%(compared)s)
    GROUP BY account_id, subscription_id, item
), line AS MATERIALIZED (
    SELECT account_id, subscription_id, item, old.line_id, coalesce(old.fen, 0) AS old_fen,
        coalesce(fresh.fen, 0) AS new_fen, coalesce(old.for_people, false) AS for_people
    FROM fresh
    FULL JOIN rerated_old old USING (account_id, subscription_id, item)
), billed AS (
    -- Whose bill would have been wrong has none yet: the later bill is right.
    SELECT line.*
    FROM line
    LEFT JOIN billing_unbilledaccount unbilled
        ON unbilled.month = %(month)s AND unbilled.account_id = line.account_id
        AND unbilled.billed_at IS NULL
    WHERE unbilled.id IS NULL
), divided AS (
    SELECT account_id, subscription_id, item,
        json_agg(json_build_array(percent, weight) ORDER BY percent) AS rates
    FROM (
        SELECT account_id, subscription_id, item, percent, sum(weight)::bigint AS weight
        FROM (
            SELECT account_id, subscription_id, item, percent, abs(amount_hao) AS weight
            FROM close_charge
            WHERE percent IS NOT NULL
            UNION ALL
            SELECT account_id, subscription_id, item, percent, weight FROM close_part
        ) AS part
        GROUP BY account_id, subscription_id, item, percent
    ) AS rate
    GROUP BY account_id, subscription_id, item
)
SELECT account_id, subscription_id, item, line_id, old_fen, new_fen, for_people,
    coalesce(rates, '[]')
FROM billed
LEFT JOIN divided USING (account_id, subscription_id, item)
WHERE old_fen <> new_fen
UNION ALL
SELECT NULL, NULL, item, NULL, sum(old_fen)::bigint, sum(new_fen)::bigint, false, '[]'
FROM billed
GROUP BY item
ORDER BY account_id, subscription_id, item
