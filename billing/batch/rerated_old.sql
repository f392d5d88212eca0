-- What the lines of a billed month stand at: as billed, with what earlier re-ratings corrected, so
-- that a second correction is of what is still wrong (BIL-7). Late usage stands on the next bill.
DROP TABLE IF EXISTS rerated_old;
CREATE TEMP TABLE rerated_old ON COMMIT DROP AS
SELECT account_id, subscription_id, item, max(line_id) AS line_id, sum(fen)::bigint AS fen,
    bool_or(by_hand) AS by_hand
FROM (
    SELECT bill.account_id, line.subscription_id, line.item, line.id AS line_id,
        line.amount_fen AS fen,
        EXISTS (
            SELECT FROM billing_adjustment adjustment
            WHERE adjustment.bill_line_id = line.id AND NOT EXISTS (
                SELECT FROM billing_reratedline rerated WHERE rerated.adjustment_id = adjustment.id
            )
        ) AS by_hand
    FROM billing_billline line
    JOIN billing_bill bill ON bill.id = line.bill_id
    WHERE bill.month = %(month)s AND line.subscription_id = ANY (%(subscriptions)s)
        AND line.item = ANY (%(compared)s)
    UNION ALL
    SELECT account_id, subscription_id, item, NULL, new_fen - old_fen, false
    FROM billing_reratedline
    WHERE month = %(rated_month)s AND subscription_id = ANY (%(subscriptions)s)
        AND item = ANY (%(compared)s) AND adjustment_id IS NOT NULL
) AS known
GROUP BY account_id, subscription_id, item
