-- Accounts whose bill would be wrong: something is in force that the month's catalogue does not
-- price. One row per account: the first fault found.
WITH member AS (
    SELECT payer.account_id, term.offering, term.tier, term.id AS term_id
    FROM (
        SELECT term.*, bundle.offering
        FROM packages_wo_bundleterm term
        JOIN packages_wo_bundle bundle ON bundle.id = term.bundle_id
        WHERE term.valid_from <= %(month)s
            AND (term.valid_until IS NULL OR term.valid_until > %(month)s)
    ) AS term
    JOIN billing_bundleaccount payer ON payer.bundle_id = term.bundle_id
    WHERE %(only)s::bigint[] IS NULL OR payer.account_id = ANY (%(only)s)
), fault AS (
    SELECT member.account_id, 1 AS place, 'tier' AS what, member.offering || ' ' || member.tier AS code
    FROM member
    LEFT JOIN packages_wo_tier tier
        ON tier.version_id = %(version)s AND tier.offering = member.offering
        AND tier.code = member.tier
    WHERE tier.id IS NULL
    UNION ALL
    SELECT member.account_id, 2, 'pack', chosen.pack
    FROM member
    JOIN packages_wo_termpack chosen ON chosen.term_id = member.term_id
    LEFT JOIN packages_wo_pack pack
        ON pack.version_id = %(version)s AND pack.code = chosen.pack
    WHERE pack.id IS NULL
    UNION ALL
    SELECT close_plan.account_id, 3, 'plan', close_plan.plan
    FROM close_plan
    LEFT JOIN packages_wo_plan priced
        ON priced.version_id = %(version)s AND priced.code = close_plan.plan
    WHERE NOT close_plan.held AND priced.id IS NULL
)
SELECT DISTINCT ON (account_id) account_id, what, code
FROM fault
WHERE mod(account_id, %(shards)s) = %(shard)s
    AND (%(only)s::bigint[] IS NULL OR account_id = ANY (%(only)s))
ORDER BY account_id, place, code
