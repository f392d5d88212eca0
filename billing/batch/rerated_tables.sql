-- The tables of one re-rated month; they end with its transaction. The scope is joined, not asked by
-- an array: the planner takes a long one for a short one.
DROP TABLE IF EXISTS rerated_scope, rerated_before, rerated_old;
CREATE TEMP TABLE rerated_scope ON COMMIT DROP AS
SELECT unnest(%(scope)s::bigint[]) AS subscription_id;
ALTER TABLE rerated_scope ADD PRIMARY KEY (subscription_id);
CREATE TEMP TABLE rerated_before (
    bill date NOT NULL,
    account_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    item text NOT NULL,
    amount_hao bigint NOT NULL
) ON COMMIT DROP;
ANALYZE rerated_scope
