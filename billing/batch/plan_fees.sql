-- PLAN_FEE: the plan in force on the month's last day, whole month unless the subscription began
-- in it (EFF-4). None for those whom a bundle's fee covers, none after a whole month of stop
-- (CRD-5); HOLD_FEE instead for a whole month on hold (CAN-2).
CREATE TEMP TABLE close_plan ON COMMIT DROP AS
WITH plan AS (
    SELECT DISTINCT ON (own.subscription_id) own.subscription_id, own.plan
    FROM packages_wo_subscriptionplan own
    JOIN close_standing USING (subscription_id)
    WHERE own.valid_from < %(ends_at)s
        AND (
            own.valid_until IS NULL OR own.valid_until > greatest(own.valid_from, %(starts_at)s)
        )
    ORDER BY own.subscription_id, own.valid_from DESC
), owing AS (
    SELECT standing.*, payer.account_id, rate.percent, rate.hold_fen
    FROM close_standing standing
    JOIN close_payer payer USING (subscription_id)
    JOIN unnest(%(services)s::text[], %(service_percents)s::int[], %(hold_fen)s::bigint[])
        AS rate (service, percent, hold_fen) ON rate.service = standing.service
    WHERE NOT (standing.stopped AND %(stop_frees)s)
)
SELECT owing.*, plan.plan
FROM owing
LEFT JOIN plan USING (subscription_id)
LEFT JOIN close_member covered
    ON covered.subscription_id = owing.subscription_id
    AND (
        covered.part = 'shared_terminal'
        OR covered.part = 'base' AND covered.service <> 'm3g'
    )
WHERE owing.held OR covered.subscription_id IS NULL AND plan.plan IS NOT NULL;

WITH first_month AS (
    SELECT close_plan.*, priced.monthly_fen,
        CASE WHEN in_service_at >= %(starts_at)s THEN priced.first_month ELSE 'full' END
            AS first_month,
        least(coalesce(ended_on, %(last_day)s), %(last_day)s)
            - (in_service_at AT TIME ZONE 'Asia/Shanghai')::date + 1 AS days
    FROM close_plan
    JOIN packages_wo_plan priced
        ON priced.version_id = %(version)s AND priced.code = close_plan.plan
    WHERE NOT held
)
INSERT INTO close_charge (account_id, subscription_id, item, amount_hao, percent, why)
SELECT account_id, subscription_id, 'PLAN_FEE',
    100 * CASE first_month
        WHEN 'half' THEN billing_half_up(monthly_fen, 2)
        WHEN 'daily' THEN billing_half_up(monthly_fen * days, %(month_days)s)
        ELSE monthly_fen
    END,
    percent,
    jsonb_build_object('rules', jsonb_build_array('EFF-4'), 'plan', plan,
        'monthly_fen', monthly_fen, 'first_month', first_month)
        || CASE first_month
            WHEN 'daily' THEN jsonb_build_object('days', days, 'of', %(month_days)s)
            ELSE '{}'
        END
FROM first_month
UNION ALL
SELECT account_id, subscription_id, 'HOLD_FEE', 100 * hold_fen, percent,
    jsonb_build_object('rules', jsonb_build_array('CAN-2'))
FROM close_plan
WHERE held
