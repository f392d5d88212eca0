-- What the records of an open month come to as they are, before they are rated anew (GEN-3).
DROP TABLE IF EXISTS rerated_old;
CREATE TEMP TABLE rerated_old ON COMMIT DROP AS
SELECT account_id, subscription_id, item, NULL::bigint AS line_id,
    billing_half_up(sum(amount_hao)::bigint, 100) AS fen, false AS by_hand
FROM close_charge
WHERE item = ANY (%(compared)s)
GROUP BY account_id, subscription_id, item
