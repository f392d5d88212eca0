-- Move records without a price to the reject store (RAT-15: no_tariff); nothing is dropped.
WITH unpriced AS (
    DELETE FROM billing_rated_usage WHERE month = %(month)s AND way = 'unpriced'
    RETURNING usage_id
),
moved AS (
    DELETE FROM billing_usage u USING unpriced x
    WHERE u.month = %(month)s AND u.id = x.usage_id
    RETURNING u.*
),
kept AS (
    INSERT INTO billing_usagereject (file_id, line_no, line, record_id, reason, state)
    SELECT m.file_id, m.line_no,
           (SELECT string_agg(coalesce(v.fields ->> c.name, ''), ',' ORDER BY c.position)
            FROM unnest(f.columns) WITH ORDINALITY AS c (name, position)),
           m.record_id, 'no_tariff', 'open'
    FROM moved m
    JOIN billing_usagefile f ON f.id = m.file_id
    CROSS JOIN LATERAL (SELECT jsonb_build_object(
        'record_id', m.record_id, 'service_number', m.service_number, 'call_type', m.call_type,
        'other_number', m.other_number,
        'start_at', to_char(m.start_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        'duration_s', m.duration_s, 'visited_area', m.visited_area, 'volume_kb', m.volume_kb,
        'info_fee_hao', m.info_fee_hao) AS fields) v
    ON CONFLICT (file_id, line_no) DO UPDATE
        SET reason = 'no_tariff', state = 'open', mended_at = NULL
    RETURNING file_id
),
counted AS (
    UPDATE billing_usagefile f SET rated = rated - k.records, rejected = rejected + k.records
    FROM (SELECT file_id, count(*) AS records FROM kept GROUP BY file_id) k
    WHERE f.id = k.file_id
)
SELECT count(*) FROM kept
