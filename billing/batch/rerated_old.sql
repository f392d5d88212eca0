-- What the lines of a billed month stand at: as billed, with what earlier re-ratings corrected, so
-- that a second correction is of what is still wrong (BIL-7). Late usage stands on the next bill.
-- Left to people: a line that one of them has adjusted, or that its records do not come to.
ANALYZE rerated_before;
DROP TABLE IF EXISTS rerated_old;
CREATE TEMP TABLE rerated_old ON COMMIT DROP AS
SELECT account_id, subscription_id, item, max(line_id) AS line_id, sum(fen)::bigint AS fen,
    bool_or(for_people) AS for_people
FROM (
    SELECT bill.account_id, line.subscription_id, line.item, line.id AS line_id,
        line.amount_fen AS fen,
        line.usage_hao IS NOT NULL AND line.usage_hao IS DISTINCT FROM before.amount_hao
        OR EXISTS (
            SELECT FROM billing_adjustment adjustment
            WHERE adjustment.bill_line_id = line.id AND NOT EXISTS (
                SELECT FROM billing_reratedline rerated WHERE rerated.adjustment_id = adjustment.id
            )
        ) AS for_people
    FROM rerated_scope
    JOIN billing_billline line USING (subscription_id)
    JOIN billing_bill bill ON bill.id = line.bill_id
    LEFT JOIN rerated_before before
        ON before.bill = bill.month AND before.account_id = bill.account_id
        AND before.subscription_id = line.subscription_id AND before.item = line.item
    WHERE bill.month = %(month)s AND line.item = ANY (%(compared)s)
    UNION ALL
    SELECT account_id, subscription_id, item, NULL, new_fen - old_fen, false
    FROM billing_reratedline
    JOIN rerated_scope USING (subscription_id)
    WHERE month = %(rated_month)s AND item = ANY (%(compared)s) AND adjustment_id IS NOT NULL
) AS known
GROUP BY account_id, subscription_id, item
