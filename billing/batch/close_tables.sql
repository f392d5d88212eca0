-- The tables of one shard's bill step; they end with its transaction.
DROP TABLE IF EXISTS close_payer, close_standing, close_member, close_charge, close_part,
    close_plan, close_paying, close_line, close_billed, close_share;

-- Who pays at the month's end: of a month with a transfer the new account (ACC-8).
CREATE TEMP TABLE close_payer ON COMMIT DROP AS
SELECT subscription_id, account_id
FROM billing_payrelation
WHERE valid_from < %(ends_at)s AND (valid_until IS NULL OR valid_until >= %(ends_at)s)
    AND mod(account_id, %(shards)s) = %(shard)s
    AND (%(only)s::bigint[] IS NULL OR account_id = ANY (%(only)s));
ALTER TABLE close_payer ADD PRIMARY KEY (subscription_id);

-- How each subscription that was in service in the month stood in it.
CREATE TEMP TABLE close_standing ON COMMIT DROP AS
SELECT subscription.id AS subscription_id, subscription.service, subscription.in_service_at,
    (subscription.ended_at AT TIME ZONE 'Asia/Shanghai')::date AS ended_on,
    standing.stopped, standing.held
FROM (
    SELECT state.subscription_id,
        -- CRD-5: stopped when the month begins, and neither active nor on hold in it.
        bool_or(
            state.state IN ('suspended', 'pre_terminated') AND state.valid_from <= %(starts_at)s
        ) AND NOT bool_or(state.state IN ('active', 'on_hold')) AS stopped,
        -- On hold for the whole month.
        bool_and(state.state = 'on_hold') AND min(state.valid_from) <= %(starts_at)s
            AND max(coalesce(state.valid_until, 'infinity')) >= %(ends_at)s AS held
    FROM customers_subscriptionstate state
    JOIN close_payer USING (subscription_id)
    WHERE state.valid_from < %(ends_at)s
        AND (
            state.valid_until IS NULL
            OR state.valid_until > greatest(state.valid_from, %(starts_at)s)
        )
    GROUP BY state.subscription_id
    HAVING bool_or(state.state IN ('active', 'on_hold', 'suspended', 'pre_terminated'))
) AS standing
JOIN customers_subscription subscription ON subscription.id = standing.subscription_id;
ALTER TABLE close_standing ADD PRIMARY KEY (subscription_id);

-- Who was in a bundle in force in the month, and as what.
CREATE TEMP TABLE close_member ON COMMIT DROP AS
SELECT membership.subscription_id, membership.bundle_id, membership.part, subscription.service
FROM packages_wo_membership membership
JOIN customers_subscription subscription ON subscription.id = membership.subscription_id
WHERE membership.state IN ('in_force', 'ended') AND membership.valid_from <= %(month)s
    AND (membership.valid_until IS NULL OR membership.valid_until > %(month)s)
    AND (
        -- By an array, which an index is asked for.
        %(only)s::bigint[] IS NULL OR membership.bundle_id = ANY (ARRAY(
            SELECT bundle_id FROM billing_bundleaccount WHERE account_id = ANY (%(only)s)
            UNION
            SELECT bundle_id FROM packages_wo_membership JOIN close_payer USING (subscription_id)
        ))
    );
CREATE INDEX ON close_member (subscription_id);
CREATE INDEX ON close_member (bundle_id);
ANALYZE close_payer, close_standing, close_member;

-- What is to be billed. A charge without a percent has its parts in close_part.
CREATE TEMP TABLE close_charge (
    account_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    item text NOT NULL,
    amount_hao bigint NOT NULL,
    percent smallint,
    is_usage boolean NOT NULL DEFAULT false,
    why jsonb
) ON COMMIT DROP;

-- Over what a line is divided for tax and revenue (BIL-4, BIL-5), in proportion to the weights.
CREATE TEMP TABLE close_part (
    account_id bigint NOT NULL,
    subscription_id bigint NOT NULL,
    item text NOT NULL,
    service text NOT NULL,
    percent smallint NOT NULL,
    weight bigint NOT NULL
) ON COMMIT DROP;
