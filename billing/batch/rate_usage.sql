-- Price the records of one month for the subscriptions in rating_scope, set-based.
-- The specification is billing/rules/{numbers,rating,drawing}.py; a property test compares the two.
-- Late usage (RAT-14): only the records in rating_late, as they came, after what the month has drawn.
INSERT INTO billing_rated_usage (
    month, usage_id, billed_month, subscription_id, bundle_id, item, way, quantity,
    vpn_key, vpn_before, vpn_minutes, draw_key, draw_before, pool_minutes, plan_units,
    charged_units, amount_hao, info_fee_hao
)
WITH home_area AS (
    SELECT code, name
    FROM unnest(%(area_codes)s::text[], %(area_names)s::text[]) AS a (code, name)
),
member AS MATERIALIZED (  -- in the VPN of a bundle in force this month (PAR-7: whoever has voice)
    SELECT m.subscription_id, m.bundle_id,
           m.part <> 'vpn_terminal' AND s.service IN ('fixed', 'm2g') AS shares_pool,
           CASE WHEN p.id IS NULL THEN t.minutes ELSE p.minutes END AS pool_minutes,
           CASE WHEN p.id IS NULL THEN t.vpn_minutes ELSE p.vpn_minutes END AS vpn_minutes
    FROM packages_wo_membership m
    JOIN customers_subscription s ON s.id = m.subscription_id
    JOIN packages_wo_bundleterm t
      ON t.bundle_id = m.bundle_id AND t.valid_from <= %(month)s
     AND (t.valid_until IS NULL OR t.valid_until > %(month)s)
    LEFT JOIN packages_wo_pool p ON p.bundle_id = m.bundle_id AND p.month = %(month)s
    WHERE m.state IN ('in_force', 'ended') AND s.service <> 'broadband'
      AND m.valid_from <= %(month)s AND (m.valid_until IS NULL OR m.valid_until > %(month)s)
),
own_plan AS MATERIALIZED (
    SELECT subscription_id, plan,
           row_number() OVER (PARTITION BY subscription_id ORDER BY valid_from DESC) AS latest
    FROM packages_wo_subscriptionplan
    WHERE valid_from < %(month_end)s
),
caller AS MATERIALIZED (
    SELECT s.id AS subscription_id, s.service, m.bundle_id,
           coalesce(m.shares_pool, false) AS shares_pool, m.pool_minutes, m.vpn_minutes,
           CASE WHEN NOT coalesce(m.shares_pool, false) THEN p.tariff
                WHEN s.service = 'fixed' THEN %(fixed_standard)s
                ELSE %(m2g_standard)s END AS tariff,
           CASE WHEN m.shares_pool THEN 0 ELSE coalesce(p.minutes, 0) END AS minutes,
           CASE WHEN m.shares_pool THEN 0 ELSE coalesce(p.sms, 0) END AS sms,
           CASE WHEN m.shares_pool THEN 0 ELSE coalesce(p.data_kb, 0) END AS data_kb
    FROM rating_scope c
    JOIN customers_subscription s ON s.id = c.subscription_id
    LEFT JOIN member m ON m.subscription_id = s.id
    LEFT JOIN own_plan o ON o.subscription_id = s.id AND o.latest = 1
    LEFT JOIN packages_wo_plan p ON p.version_id = %(version)s AND p.code = o.plan
),
record AS MATERIALIZED (
    SELECT u.id, u.record_id, u.billed_month, u.subscription_id, u.area, u.call_type,
           u.other_number, u.start_at, u.end_at, u.duration_s, u.volume_kb, u.info_fee_hao,
           u.visited_area, l.line_no AS late_no,
           c.service, c.bundle_id, c.shares_pool, c.pool_minutes, c.vpn_minutes,
           c.tariff, c.minutes, c.sms, c.data_kb,
           c.service <> 'fixed' AND u.visited_area <> '' AND u.visited_area <> u.area AS is_away
    FROM billing_usage u
    JOIN caller c ON c.subscription_id = u.subscription_id
    LEFT JOIN rating_late l ON l.usage_id = u.id
    WHERE u.month = %(month)s AND (NOT %(is_late)s OR l.usage_id IS NOT NULL)
),
dialled AS MATERIALIZED (
    SELECT DISTINCT other_number, area FROM record WHERE call_type IN ('mo', 'cf')
),
inland AS MATERIALIZED (  -- what is left of a number written with the country's code
    SELECT other_number, area,
           CASE WHEN starts_with(other_number, '+86') THEN substr(other_number, 4)
                WHEN starts_with(other_number, '0086') THEN substr(other_number, 5) END AS rest
    FROM dialled
),
plain AS MATERIALIZED (
    SELECT other_number, area,
           CASE WHEN rest IS NULL AND other_number ~ %(prefixed_mobile_pattern)s
                    THEN substr(other_number, 3)
                WHEN rest IS NULL AND starts_with(other_number, '+')
                    THEN '00' || substr(other_number, 2)
                WHEN rest IS NULL THEN other_number
                WHEN length(rest) IN (10, 11) AND NOT starts_with(rest, '0')
                     AND NOT rest ~ %(mobile_pattern)s
                     AND NOT (length(rest) = 10 AND rest ~ %(ten_digit_pattern)s)
                    THEN '0' || rest
                ELSE rest END AS number
    FROM inland
),
analysed AS MATERIALIZED (  -- number analysis, in the order of rules.md
    SELECT p.other_number, p.area, h.name AS home_name,
           CASE WHEN number ~ %(local_pattern)s THEN p.area || number ELSE number END AS number,
           CASE WHEN length(number) > 11 AND number ~ %(access_pattern)s THEN 'service'
                WHEN number = ANY (%(free_numbers)s::text[]) THEN 'free'
                WHEN length(number) = 10 AND number ~ %(toll_free_pattern)s THEN 'free'
                WHEN number ~ %(hmt_pattern)s THEN 'hmt'
                WHEN number ~ %(international_pattern)s THEN 'international'
                WHEN length(number) = 10 AND number ~ %(ten_digit_service_pattern)s THEN 'service'
                WHEN length(number) <= %(service_max_digits)s AND number ~ %(service_pattern)s
                    THEN 'service'
                WHEN number ~ %(mobile_pattern)s THEN 'mobile'
                WHEN starts_with(number, '0')
                    THEN CASE WHEN p.area <> '' AND starts_with(number, p.area) THEN 'local'
                              ELSE 'domestic' END
                WHEN number ~ %(local_pattern)s THEN 'local'
           END AS kind
    FROM plain p
    LEFT JOIN home_area h ON h.code = p.area
),
called AS MATERIALIZED (
    SELECT a.other_number, a.area, a.number, a.kind,
           coalesce(a.home_name <> '' AND starts_with(g.place, a.home_name), false)
               AS segment_is_home
    FROM analysed a
    LEFT JOIN billing_number_segment g
      ON a.kind = 'mobile' AND g.segment = substr(a.number, 1, 7)
),
held AS MATERIALIZED (  -- our numbers, each with who has it from when to when; terminated ones are not ours
    SELECT n.number, n.valid_from, least(n.valid_until, s.ended_at) AS valid_until,
           CASE WHEN s.service = 'fixed' THEN coalesce(h.code, s.area) ELSE s.area END AS area,
           m.bundle_id
    FROM customers_numberassignment n
    JOIN customers_subscription s ON s.id = n.subscription_id
    LEFT JOIN LATERAL (
        SELECT code FROM home_area WHERE starts_with(n.number, code)
        ORDER BY length(code) DESC LIMIT 1
    ) h ON s.service = 'fixed'
    LEFT JOIN member m ON m.subscription_id = n.subscription_id
),
situated AS MATERIALIZED (
    SELECT r.*,
           CASE WHEN c.kind <> 'mobile' THEN c.kind
                WHEN h.number IS NOT NULL
                    THEN CASE WHEN h.area = r.area THEN 'local' ELSE 'domestic' END
                WHEN c.segment_is_home THEN 'local'
                WHEN c.kind = 'mobile' THEN 'domestic' END AS call_class,
           CASE WHEN r.is_away AND r.visited_area ~ %(hmt_pattern)s THEN 'roaming_hmt'
                WHEN r.is_away AND r.visited_area ~ %(international_pattern)s
                    THEN 'roaming_international' END AS abroad,
           r.call_type = 'mo' AND NOT r.is_away AND r.bundle_id = h.bundle_id
               AND h.area = r.area AS is_vpn
    FROM record r
    LEFT JOIN called c
      ON r.call_type IN ('mo', 'cf') AND c.other_number = r.other_number AND c.area = r.area
    LEFT JOIN held h
      ON h.number = c.number AND h.valid_from <= r.start_at
     AND (h.valid_until IS NULL OR r.start_at < h.valid_until)
),
directed AS MATERIALIZED (
    SELECT *,
           CASE WHEN call_type IN ('sms', 'data') THEN call_type
                WHEN call_type <> 'mt' AND call_class IS NULL THEN 'unpriced'
                WHEN call_class = 'free' THEN 'free_number'                     -- RAT-5
                WHEN duration_s = 0 THEN 'zero_seconds'                         -- RAT-1
                WHEN abroad IS NOT NULL OR service = 'm2g' AND is_away
                    THEN 'roaming'                                              -- RAT-6, RAT-18
                WHEN call_type = 'mt' THEN 'received'                           -- RAT-17
                WHEN call_class IN ('hmt', 'international') THEN 'abroad'       -- RAT-6
                WHEN call_type = 'cf' THEN                                      -- RAT-7
                    CASE WHEN service = 'fixed' AND shares_pool THEN 'forward_pool'
                         WHEN service = 'fixed' THEN 'forward_plan'
                         WHEN service <> 'm2g' OR call_class <> 'domestic' THEN 'forward'
                         WHEN shares_pool THEN 'forward_domestic_pool'
                         ELSE 'forward_domestic' END
                WHEN is_vpn AND service = 'm3g' THEN 'vpn_3g'                   -- RAT-10
                WHEN is_vpn AND shares_pool THEN 'vpn_pool'                     -- RAT-9
                WHEN is_vpn THEN 'vpn_only'
                WHEN shares_pool THEN 'pool'                                    -- RAT-4
                ELSE 'plan' END AS way
    FROM situated
),
basis AS MATERIALIZED (
    SELECT d.id, d.record_id, d.billed_month, d.subscription_id, d.bundle_id, d.end_at,
           d.late_no, d.duration_s, d.way, r.first_s, r.first_hao, r.next_s, r.next_hao,
           CASE WHEN d.way IN ('free_number', 'zero_seconds') THEN 0 ELSE d.info_fee_hao END
               AS info_fee_hao,
           CASE WHEN d.way = 'sms' THEN 'SMS'
                WHEN d.way = 'data' THEN 'DATA'
                WHEN d.way = 'roaming' THEN 'VOICE_ROAMING'
                WHEN d.way IN ('vpn_pool', 'vpn_only', 'vpn_3g') THEN 'VOICE_VPN'
                WHEN d.way IN ('forward', 'forward_pool', 'forward_plan', 'forward_domestic',
                               'forward_domestic_pool') THEN 'VOICE_FORWARD'
                WHEN d.call_class IN ('free', 'service') THEN 'VOICE_SERVICE'
                WHEN d.call_class = 'hmt' THEN 'VOICE_HMT'
                WHEN d.call_class = 'international' THEN 'VOICE_INTL'
                WHEN d.call_class = 'domestic' THEN 'VOICE_DOMESTIC'
                ELSE 'VOICE_LOCAL' END AS item,
           CASE WHEN d.way = 'sms' THEN 1
                WHEN d.way = 'data' THEN d.volume_kb
                WHEN d.way IN ('free_number', 'zero_seconds', 'received', 'unpriced') THEN 0
                ELSE (d.duration_s + 59) / 60 END AS quantity,                  -- RAT-1
           CASE WHEN d.way IN ('vpn_pool', 'vpn_only') THEN d.bundle_id * 8 + 1
                WHEN d.way = 'vpn_3g' THEN d.subscription_id * 8 + 2 END AS vpn_key,
           CASE WHEN d.way = 'vpn_3g' THEN %(vpn_3g_minutes)s ELSE d.vpn_minutes END AS vpn_limit,
           CASE WHEN d.way IN ('pool', 'forward_pool', 'forward_domestic_pool', 'vpn_pool')
                    THEN d.bundle_id * 8 + 3
                WHEN d.way IN ('plan', 'forward_plan', 'vpn_3g') THEN d.subscription_id * 8 + 4
                WHEN d.way = 'sms' THEN d.subscription_id * 8 + 5
                WHEN d.way = 'data' THEN d.subscription_id * 8 + 6 END AS draw_key,
           CASE WHEN d.way IN ('pool', 'forward_pool', 'forward_domestic_pool', 'vpn_pool')
                    THEN d.pool_minutes
                WHEN d.way IN ('plan', 'forward_plan', 'vpn_3g') THEN d.minutes
                WHEN d.way = 'sms' THEN d.sms
                WHEN d.way = 'data' THEN d.data_kb END AS draw_limit,
           CASE WHEN d.way IN ('pool', 'forward_pool', 'forward_domestic_pool', 'vpn_pool',
                               'vpn_only') THEN %(overflow_hao)s                -- RAT-8
                WHEN d.way IN ('sms', 'data') THEN r.first_hao END AS unit_hao, -- RAT-16
           CASE WHEN d.way NOT IN ('forward_domestic', 'forward_domestic_pool') THEN 0
                ELSE f.first_hao
                     + greatest(0, (d.duration_s - f.first_s + f.next_s - 1) / f.next_s)
                       * f.next_hao END AS surcharge_hao,                       -- RAT-7
           d.way = 'unpriced'
               OR r.id IS NULL AND d.way IN ('roaming', 'abroad', 'plan', 'forward_plan', 'vpn_3g',
                                             'forward', 'forward_domestic', 'sms', 'data')
               OR f.id IS NULL AND d.way IN ('forward_domestic', 'forward_domestic_pool')
               AS is_unpriced
    FROM directed d
    LEFT JOIN packages_wo_tariffrate r
      ON r.version_id = %(version)s AND r.tariff = d.tariff
     AND r.kind = CASE
             WHEN d.way = 'roaming' THEN coalesce(
                 d.abroad,
                 CASE WHEN d.call_type = 'mt' THEN 'roaming_mt'
                      WHEN d.call_class IN ('hmt', 'international') THEN d.call_class
                      ELSE 'roaming_mo' END)
             WHEN d.way IN ('abroad', 'plan', 'forward_plan', 'vpn_3g', 'forward_domestic')
                 THEN d.call_class
             WHEN d.way = 'forward' THEN 'forward'
             WHEN d.way = 'sms' THEN 'sms'
             WHEN d.way = 'data' THEN 'data_kb' END
    LEFT JOIN packages_wo_tariffrate f
      ON f.version_id = %(version)s AND f.tariff = d.tariff AND f.kind = 'forward'
     AND d.way IN ('forward_domestic', 'forward_domestic_pool')
),
drawn_already AS MATERIALIZED (  -- late usage comes after every line of the closed month
    SELECT k.key, CAST(sum(k.units) AS bigint) AS units
    FROM billing_rated_usage d
    JOIN rating_scope c ON c.subscription_id = d.subscription_id
    CROSS JOIN LATERAL (VALUES (d.vpn_key, d.vpn_minutes),
                               (d.draw_key, d.pool_minutes + d.plan_units)) AS k (key, units)
    WHERE %(is_late)s AND d.month = %(month)s AND k.key IS NOT NULL
    GROUP BY k.key
),
vpn_asked AS MATERIALIZED (  -- RAT-9, RAT-10, RAT-12: VPN minutes first, in the order of RAT-2
    SELECT b.*, coalesce(u.units, 0)
               + CAST(sum(CASE WHEN b.is_unpriced THEN 0 ELSE b.quantity END)
                          OVER (PARTITION BY b.vpn_key ORDER BY b.late_no, b.end_at, b.record_id
                                ROWS UNBOUNDED PRECEDING) AS bigint)
               - b.quantity AS vpn_before
    FROM basis b
    LEFT JOIN drawn_already u ON u.key = b.vpn_key
),
vpn_drawn AS MATERIALIZED (
    SELECT *,
           CASE WHEN vpn_key IS NULL OR is_unpriced THEN 0
                WHEN vpn_limit IS NULL THEN quantity
                ELSE least(quantity, greatest(0, vpn_limit - vpn_before)) END AS vpn_minutes
    FROM vpn_asked
),
asked AS MATERIALIZED (  -- RAT-2, RAT-8, RAT-16: then the pool, or what the plan includes
    SELECT v.*, coalesce(u.units, 0)
               + CAST(sum(CASE WHEN v.is_unpriced THEN 0 ELSE v.quantity - v.vpn_minutes END)
                          OVER (PARTITION BY v.draw_key ORDER BY v.late_no, v.end_at, v.record_id
                                ROWS UNBOUNDED PRECEDING) AS bigint)
               - (v.quantity - v.vpn_minutes) AS draw_before
    FROM vpn_drawn v
    LEFT JOIN drawn_already u ON u.key = v.draw_key
),
drawn AS MATERIALIZED (
    SELECT *,
           CASE WHEN draw_key IS NULL OR is_unpriced THEN 0
                ELSE least(quantity - vpn_minutes, greatest(0, draw_limit - draw_before))
           END AS drawn_units
    FROM asked
),
rest AS MATERIALIZED (  -- RAT-13: what allowances leave is priced as a call of its own
    SELECT *, quantity - vpn_minutes - drawn_units AS rest_units,
           duration_s - 60 * (vpn_minutes + drawn_units) AS rest_s
    FROM drawn
)
SELECT %(month)s, id, billed_month, subscription_id, bundle_id, item,
       CASE WHEN is_unpriced THEN 'unpriced' ELSE way END, quantity,
       vpn_key,
       CASE WHEN vpn_key IS NULL THEN 0 ELSE least(vpn_before, coalesce(vpn_limit, vpn_before)) END,
       vpn_minutes,
       draw_key,
       CASE WHEN draw_key IS NULL THEN 0 ELSE least(draw_before, draw_limit) END,
       CASE WHEN mod(draw_key, 8) = 3 THEN drawn_units ELSE 0 END,
       CASE WHEN mod(draw_key, 8) > 3 THEN drawn_units ELSE 0 END,
       rest_units,
       CASE WHEN is_unpriced THEN 0
            ELSE coalesce(surcharge_hao, 0)
                 + CASE WHEN way IN ('free_number', 'zero_seconds', 'received') THEN 0
                        WHEN unit_hao IS NOT NULL THEN rest_units * unit_hao
                        WHEN rest_s <= 0 THEN 0
                        ELSE first_hao + greatest(0, (rest_s - first_s + next_s - 1) / next_s)
                                         * next_hao END
       END,
       CASE WHEN is_unpriced THEN 0 ELSE info_fee_hao END
FROM rest
