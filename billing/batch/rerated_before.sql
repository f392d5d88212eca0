-- What the usage of a bill's month comes to by its records as they are, before any is rated anew.
INSERT INTO rerated_before (bill, account_id, subscription_id, item, amount_hao)
SELECT %(month)s, account_id, subscription_id, item, sum(amount_hao)::bigint
FROM close_charge
JOIN rerated_scope USING (subscription_id)
WHERE is_usage AND item = ANY (%(compared)s)
GROUP BY account_id, subscription_id, item
