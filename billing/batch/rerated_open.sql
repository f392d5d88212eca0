-- What the lines of an open month come to before its records are rated anew (GEN-3).
DROP TABLE IF EXISTS rerated_old;
CREATE TEMP TABLE rerated_old ON COMMIT DROP AS
SELECT account_id, subscription_id, item, NULL::bigint AS line_id,
    billing_half_up(amount_hao, 100) AS fen, false AS for_people
FROM rerated_before
WHERE bill = %(month)s
