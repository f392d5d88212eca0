-- The terms that changes lead to, from the 1st on, with their packs in the order's order (RAT-2).
WITH given AS (
    SELECT change_id, minutes, vpn_minutes
    FROM unnest(%(changes)s::bigint[], %(minutes)s::int[], %(vpn_minutes)s::int[])
        AS given (change_id, minutes, vpn_minutes)
), entered AS (
    INSERT INTO packages_wo_bundleterm (
        bundle_id, change_id, scheme, tier, main_id, separate_3g, minutes, vpn_minutes, valid_from
    )
    SELECT change.bundle_id, change.id, change.scheme, change.tier, change.main_id,
        change.separate_3g, given.minutes, given.vpn_minutes, %(first_day)s
    FROM given
    JOIN packages_wo_bundlechange change ON change.id = given.change_id
    ORDER BY change.id
    RETURNING id, change_id
)
INSERT INTO packages_wo_termpack (term_id, position, pack, terminal_id)
SELECT entered.id, pack.place - 1, pack.ordered ->> 'pack', (pack.ordered ->> 'terminal')::bigint
FROM entered
JOIN packages_wo_bundlechange change ON change.id = entered.change_id
CROSS JOIN jsonb_array_elements(change.packs) WITH ORDINALITY AS pack (ordered, place)
ORDER BY entered.id, pack.place
