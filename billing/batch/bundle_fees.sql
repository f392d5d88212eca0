-- BUNDLE_FEE and PACK_FEE on the main number, paid by the bundle's unified account (BIL-1).
-- CRD-5: none when all its fixed, broadband and 2G base members were stopped for the whole month.
WITH stopped_bundle AS (
    SELECT member.bundle_id
    FROM close_member member
    LEFT JOIN close_standing standing USING (subscription_id)
    WHERE member.part = 'base' AND member.service <> 'm3g' AND %(stop_frees)s
    GROUP BY member.bundle_id
    HAVING bool_and(coalesce(standing.stopped, true)) AND bool_or(standing.stopped)
), term AS (
    SELECT term.id, term.bundle_id, term.main_id, term.scheme, term.tier, bundle.offering,
        paying.account_id
    FROM packages_wo_bundleterm term
    JOIN packages_wo_bundle bundle ON bundle.id = term.bundle_id
    JOIN billing_bundleaccount paying ON paying.bundle_id = term.bundle_id
    WHERE term.valid_from <= %(month)s
        AND (term.valid_until IS NULL OR term.valid_until > %(month)s)
        AND mod(paying.account_id, %(shards)s) = %(shard)s
        AND (%(only)s::bigint[] IS NULL OR paying.account_id = ANY (%(only)s))
        AND term.bundle_id NOT IN (SELECT bundle_id FROM stopped_bundle)
), fee AS (
    SELECT term.*, 'BUNDLE_FEE' AS item,
        CASE term.scheme
            WHEN 'B' THEN billing_half_up(tier.monthly_fen * %(scheme_b_percent)s, 100)
            ELSE tier.monthly_fen
        END AS amount_fen,
        jsonb_build_object(
            'rules', jsonb_build_array('BIL-1', 'EFF-4'), 'offering', term.offering,
            'scheme', term.scheme, 'tier', term.tier, 'monthly_fen', tier.monthly_fen
        ) AS why
    FROM term
    JOIN packages_wo_tier tier
        ON tier.version_id = %(version)s AND tier.offering = term.offering
        AND tier.code = term.tier
    UNION ALL
    SELECT term.*, 'PACK_FEE', sum(pack.monthly_fen)::bigint,
        jsonb_build_object(
            'rules', jsonb_build_array('BIL-1', 'EFF-4'),
            'packs', jsonb_agg(jsonb_build_object('pack', pack.code, 'fen', pack.monthly_fen)
                ORDER BY chosen.position)
        )
    FROM term
    JOIN packages_wo_termpack chosen ON chosen.term_id = term.id
    JOIN packages_wo_pack pack ON pack.version_id = %(version)s AND pack.code = chosen.pack
    GROUP BY term.id, term.bundle_id, term.main_id, term.scheme, term.tier, term.offering,
        term.account_id
), charged AS (
    INSERT INTO close_charge (account_id, subscription_id, item, amount_hao, why)
    SELECT account_id, main_id, item, amount_fen * 100, why
    FROM fee
)
INSERT INTO close_part (account_id, subscription_id, item, service, percent, weight)
SELECT fee.account_id, fee.main_id, fee.item, basis.service, basis.percent, basis.stand_alone_fen
FROM fee
JOIN (
    SELECT DISTINCT bundle_id, service FROM close_member WHERE part = 'base'
) AS member USING (bundle_id)
JOIN unnest(%(services)s::text[], %(service_percents)s::int[], %(stand_alone_fen)s::bigint[])
    AS basis (service, percent, stand_alone_fen) ON basis.service = member.service
