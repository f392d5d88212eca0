-- Whose month is re-rated: the holders of the offering, of one customer or of all, with everybody
-- who shares a bundle with them, because a bundle's minutes are one pool (RAT-2, RAT-12).
WITH own AS (
    SELECT id AS subscription_id FROM customers_subscription WHERE owner_id = %(customer)s::bigint
), near AS (
    -- Of one customer, nothing beside the bundles of its lines is looked at: by arrays, for which
    -- indexes are asked.
    SELECT membership.bundle_id FROM packages_wo_membership membership JOIN own USING (subscription_id)
), member AS (
    SELECT membership.subscription_id, membership.bundle_id, membership.part
    FROM packages_wo_membership membership
    WHERE membership.state IN ('in_force', 'ended') AND membership.valid_from <= %(month)s
        AND (membership.valid_until IS NULL OR membership.valid_until > %(month)s)
        AND (%(customer)s::bigint IS NULL OR membership.bundle_id = ANY (ARRAY(SELECT bundle_id FROM near)))
), term AS (
    SELECT term.id, term.bundle_id, term.tier, bundle.offering
    FROM packages_wo_bundleterm term
    JOIN packages_wo_bundle bundle ON bundle.id = term.bundle_id
    WHERE term.valid_from <= %(month)s
        AND (term.valid_until IS NULL OR term.valid_until > %(month)s)
        AND (%(customer)s::bigint IS NULL OR term.bundle_id = ANY (ARRAY(SELECT bundle_id FROM near)))
), own_plan AS (
    SELECT DISTINCT ON (subscription_id) subscription_id, plan
    FROM packages_wo_subscriptionplan
    WHERE valid_from < %(ends_at)s
        AND (%(customer)s::bigint IS NULL OR subscription_id = ANY (ARRAY(SELECT subscription_id FROM own)))
    ORDER BY subscription_id, valid_from DESC
), holder AS (
    SELECT id AS subscription_id
    FROM customers_subscription
    WHERE %(kind)s = '' AND (%(customer)s::bigint IS NULL OR owner_id = %(customer)s)
    UNION ALL
    SELECT member.subscription_id
    FROM term
    JOIN member USING (bundle_id)
    WHERE %(kind)s IN ('bundle', 'tier') AND term.offering = %(code)s
        AND (%(kind)s = 'bundle' OR term.tier = %(tier)s)
    UNION ALL
    SELECT member.subscription_id
    FROM packages_wo_termpack chosen
    JOIN term ON term.id = chosen.term_id
    JOIN member USING (bundle_id)
    WHERE %(kind)s = 'pack' AND chosen.pack = %(code)s
    UNION ALL
    SELECT subscription_id FROM own_plan WHERE %(kind)s = 'plan' AND plan = %(code)s
    UNION ALL
    -- Whoever shares a pool is charged by the standard tariff of its service, else by its plan's.
    SELECT member.subscription_id
    FROM member
    JOIN customers_subscription subscription ON subscription.id = member.subscription_id
    WHERE %(kind)s = 'tariff' AND member.part <> 'vpn_terminal'
        AND subscription.service = ANY (%(standard_for)s)
    UNION ALL
    SELECT own_plan.subscription_id
    FROM own_plan
    JOIN packages_wo_plan plan ON plan.code = own_plan.plan
    WHERE %(kind)s = 'tariff' AND plan.version_id = %(version)s AND plan.tariff = %(code)s
), forgotten AS (
    -- Whoever was erased is not re-rated: of archived records' lines nothing but the ids is left.
    SELECT owned.subscription_id
    FROM customers_ownership owned
    JOIN customers_customer owner ON owner.id = owned.owner_id
    WHERE owner.erased_at IS NOT NULL
), asked AS (
    SELECT DISTINCT subscription_id
    FROM holder
    WHERE %(customer)s::bigint IS NULL OR subscription_id = ANY (ARRAY(SELECT subscription_id FROM own))
), whole AS (
    SELECT asked.subscription_id, member.bundle_id
    FROM asked
    LEFT JOIN member USING (subscription_id)
    UNION
    SELECT other.subscription_id, other.bundle_id
    FROM asked
    JOIN member own USING (subscription_id)
    JOIN member other ON other.bundle_id = own.bundle_id
)
SELECT subscription_id, coalesce(bundle_id, 0)
FROM whole
WHERE subscription_id NOT IN (SELECT subscription_id FROM forgotten)
    AND coalesce(bundle_id, 0) NOT IN (
        SELECT bundle_id FROM member JOIN forgotten USING (subscription_id)
    )
    AND mod(coalesce(bundle_id * 2, subscription_id * 2 + 1), %(shards)s) = %(shard)s
ORDER BY coalesce(bundle_id * 2, subscription_id * 2 + 1), subscription_id
