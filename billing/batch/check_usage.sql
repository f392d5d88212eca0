-- Read the staged lines and give each record its verdict: accepted, or the first reason that fits.
-- The specification of "malformed" is billing/rules/usage_record.py. Source: RAT-15.
CREATE TEMP TABLE usage_record ON COMMIT DROP AS
WITH split AS (
    SELECT l.line_no, s.fields
    FROM usage_line l
    LEFT JOIN usage_odd_line o ON o.line_no = l.line_no
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.line_no IS NOT NULL THEN o.fields
                    ELSE string_to_array(replace(l.line, '"', ''), ',') END AS fields
        OFFSET 0
    ) s
    WHERE l.line <> ''
),
named AS MATERIALIZED (
    SELECT line_no,
           coalesce(btrim(fields[%(record_id)s]), '') AS record_id,
           coalesce(btrim(fields[%(service_number)s]), '') AS service_number,
           coalesce(btrim(fields[%(call_type)s]), '') AS call_type,
           coalesce(btrim(fields[%(other_number)s]), '') AS other_number,
           coalesce(btrim(fields[%(start_at)s]), '') AS start_at,
           coalesce(btrim(fields[%(duration_s)s]), '') AS duration_s,
           coalesce(btrim(fields[%(visited_area)s]), '') AS visited_area,
           coalesce(btrim(fields[%(volume_kb)s]), '') AS volume_kb,
           coalesce(btrim(fields[%(info_fee_hao)s]), '') AS info_fee_hao,
           fields IS NULL
               OR array_to_string(fields[%(columns)s + 1:], '') <> '' AS is_broken
    FROM split
),
judged AS MATERIALIZED (
    SELECT *,
           NOT is_broken AND record_id <> '' AND service_number <> ''
           AND call_type IN ('mo', 'mt', 'cf', 'sms', 'data')
           AND start_at ~ %(moment_pattern)s AND pg_input_is_valid(start_at, 'timestamptz')
           AND duration_s ~ %(seconds_pattern)s
           AND volume_kb ~ %(amount_pattern)s AND info_fee_hao ~ %(amount_pattern)s
           AND (call_type NOT IN ('mo', 'cf') OR other_number ~ %(other_number_pattern)s)
               AS is_shaped
    FROM named
),
typed AS (
    SELECT line_no, record_id, service_number, call_type, other_number, visited_area, is_shaped,
           CASE WHEN NOT is_shaped THEN NULL
                WHEN start_at ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' THEN start_at::timestamptz
                ELSE start_at::timestamp AT TIME ZONE 'Asia/Shanghai' END AS start_at,
           CASE WHEN is_shaped AND duration_s <> '' THEN duration_s::bigint ELSE 0 END
               AS duration_s,
           CASE WHEN is_shaped AND volume_kb <> '' THEN volume_kb::bigint ELSE 0 END AS volume_kb,
           CASE WHEN is_shaped AND info_fee_hao <> '' THEN info_fee_hao::bigint ELSE 0 END
               AS info_fee_hao
    FROM judged
)
SELECT line_no, record_id COLLATE "C" AS record_id, service_number, call_type, other_number,
       visited_area, start_at,
       start_at + duration_s * interval '1 second' AS end_at, duration_s, volume_kb, info_fee_hao,
       CAST(date_trunc('month', (start_at + duration_s * interval '1 second')
                                AT TIME ZONE 'Asia/Shanghai') AS date) AS month,
       NOT is_shaped OR start_at + duration_s * interval '1 second' > %(at)s AS is_malformed
FROM typed;

ANALYZE usage_record;

-- The first record that is not malformed takes its id for ever, rated or not.
INSERT INTO billing_usage_id (record_id, file_id, line_no)
SELECT DISTINCT ON (record_id) record_id, %(file_id)s, line_no
FROM usage_record
WHERE NOT is_malformed
ORDER BY record_id, line_no
ON CONFLICT (record_id) DO NOTHING;

CREATE TEMP TABLE usage_verdict ON COMMIT DROP AS
WITH home_area AS (
    SELECT code FROM unnest(%(area_codes)s::text[]) AS a (code)
),
held AS MATERIALIZED (  -- numbers that were used, a fixed line's area is in its number
    SELECT n.number, n.subscription_id, n.valid_from, n.valid_until,
           CASE WHEN s.service = 'fixed' THEN coalesce(h.code, s.area) ELSE s.area END AS area
    FROM (SELECT DISTINCT service_number FROM usage_record WHERE NOT is_malformed) r
    JOIN customers_numberassignment n ON n.number = r.service_number
    JOIN customers_subscription s ON s.id = n.subscription_id
    LEFT JOIN LATERAL (
        SELECT code FROM home_area WHERE starts_with(n.number, code)
        ORDER BY length(code) DESC LIMIT 1
    ) h ON true
),
known AS (
    SELECT DISTINCT number FROM held
),
active AS (  -- whose number it was at the start, if the subscription was active then
    SELECT r.line_no, n.subscription_id, n.area
    FROM usage_record r
    JOIN held n
      ON n.number = r.service_number AND n.valid_from <= r.start_at
     AND (n.valid_until IS NULL OR r.start_at < n.valid_until)
    JOIN customers_subscriptionstate t
      ON t.subscription_id = n.subscription_id AND t.state = 'active'
     AND t.valid_from <= r.start_at AND (t.valid_until IS NULL OR r.start_at < t.valid_until)
    WHERE NOT r.is_malformed
),
judged AS (
    SELECT r.*, a.subscription_id, a.area, c.month IS NOT NULL AS is_closed,
           CASE WHEN r.is_malformed THEN 'malformed'
                WHEN i.record_id IS NULL THEN 'duplicate'
                WHEN k.number IS NULL THEN 'unknown_number'
                WHEN a.subscription_id IS NULL THEN 'not_active'
                WHEN c.month IS NOT NULL AND r.month <> %(late_month)s THEN 'closed_month'
           END AS reason
    FROM usage_record r
    LEFT JOIN billing_usage_id i
      ON i.record_id = r.record_id AND i.file_id = %(file_id)s AND i.line_no = r.line_no
    LEFT JOIN known k ON k.number = r.service_number
    LEFT JOIN active a ON a.line_no = r.line_no
    LEFT JOIN billing_closedmonth c ON c.month = r.month
)
SELECT *, CASE WHEN reason IS NULL THEN nextval('billing_usage_id_seq') END AS usage_id,
       CASE WHEN is_closed THEN %(this_month)s ELSE month END AS billed_month
FROM judged;

ANALYZE usage_verdict;
