-- The differences of one shard of a re-rated month as they were found; each row is a list.
INSERT INTO billing_reratedline (
    rerating_id, month, shard, account_id, subscription_id, item, bill_line_id, old_fen, new_fen,
    treatment, parts
)
SELECT %(rerating)s, %(month)s, %(shard)s, (row ->> 0)::bigint, (row ->> 1)::bigint, row ->> 2,
    (row ->> 3)::bigint, (row ->> 4)::bigint, (row ->> 5)::bigint, row ->> 6, row -> 7
FROM jsonb_array_elements(%(rows)s::jsonb) AS row
