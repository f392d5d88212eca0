-- What the verdict accepted becomes usage; the rest goes to the reject store with its line (RAT-15).
INSERT INTO billing_usage (
    id, month, billed_month, record_id, subscription_id, area, service_number, call_type,
    other_number, start_at, end_at, duration_s, visited_area, volume_kb, info_fee_hao,
    file_id, line_no
)
SELECT usage_id, month, billed_month, record_id, subscription_id, area, service_number, call_type,
       other_number, start_at, end_at, duration_s, visited_area, volume_kb, info_fee_hao,
       %(file_id)s, line_no
FROM usage_verdict
WHERE reason IS NULL;

INSERT INTO billing_usagereject (file_id, line_no, line, record_id, reason, state)
SELECT %(file_id)s, v.line_no, l.line, v.record_id, v.reason, 'open'
FROM usage_verdict v
JOIN usage_line l ON l.line_no = v.line_no
WHERE v.reason IS NOT NULL
ON CONFLICT (file_id, line_no) DO UPDATE SET reason = excluded.reason;

UPDATE billing_usagereject r SET state = 'mended', mended_at = %(at)s
FROM usage_verdict v
WHERE r.file_id = %(file_id)s AND r.line_no = v.line_no AND v.reason IS NULL;

-- Counted from what was kept, against the lines that came in; the table refuses a difference.
UPDATE billing_usagefile f
SET records = CASE WHEN f.records = 0 THEN l.records ELSE f.records END,
    rated = f.rated + v.rated, late = f.late + v.late, rejected = r.rejected
FROM (SELECT count(*) AS records FROM usage_line WHERE line <> '') l
CROSS JOIN (SELECT count(*) FILTER (WHERE reason IS NULL) AS rated,
                   count(*) FILTER (WHERE reason IS NULL AND billed_month <> month) AS late
            FROM usage_verdict) v
CROSS JOIN (SELECT count(*) AS rejected FROM billing_usagereject
            WHERE file_id = %(file_id)s AND state = 'open') r
WHERE f.id = %(file_id)s;
