-- The corrections of closed months that a re-rating brings (BIL-7): an adjustment for each line, on
-- the next bill, and a charge for each of its rates of VAT. A line is corrected once.
WITH due AS (
    SELECT rerated.*, nextval(pg_get_serial_sequence('billing_adjustment', 'id')) AS made_id
    FROM (
        SELECT id, month, account_id, subscription_id, item, bill_line_id, parts,
            new_fen - old_fen AS fen
        FROM billing_reratedline
        WHERE id = ANY (%(lines)s::bigint[]) AND treatment = 'adjust' AND adjustment_id IS NULL
        ORDER BY account_id, subscription_id, item
    ) AS rerated
), part AS (
    SELECT due.*, (value ->> 0)::int AS percent, (value ->> 1)::bigint AS part_fen,
        jsonb_array_length(parts) AS parts_count
    FROM due
    CROSS JOIN LATERAL jsonb_array_elements(parts) AS value
), made AS (
    INSERT INTO billing_adjustment (
        id, key, digest, account_id, bill_line_id, subscription_id, amount_fen, tax_fen, month,
        reason_id, note, at, by_id, approval_id
    )
    SELECT due.made_id, 'rerated-' || due.id, %(digest)s, due.account_id, due.bill_line_id,
        due.subscription_id, due.fen,
        (SELECT sum((value ->> 2)::bigint) FROM jsonb_array_elements(due.parts) AS value),
        %(bill)s, %(reason)s, '', %(at)s, %(by)s, %(approval)s
    FROM due
), charged AS (
    INSERT INTO billing_charge (
        subscription_id, account_id, item, amount_fen, tax_category, tax_percent, adjustment_id,
        arose_at, month, order_ref, memo
    )
    SELECT subscription_id, account_id, 'ADJUSTMENT', part_fen, 'installation', percent, made_id,
        %(at)s, %(bill)s,
        'TZ' || lpad(made_id::text, 8, '0')
            || CASE WHEN parts_count > 1 THEN '/' || percent || '%%' ELSE '' END,
        to_char(part.month, 'YYYY-MM') || ' ' || label.word || ' ' || %(words)s
    FROM part
    JOIN unnest(%(items)s::text[], %(labels)s::text[]) AS label (item, word) USING (item)
    ORDER BY made_id, percent
), noted AS (
    UPDATE billing_reratedline rerated SET adjustment_id = due.made_id
    FROM due
    WHERE rerated.id = due.id
)
SELECT count(*), coalesce(sum(fen) FILTER (WHERE fen < 0), 0)::bigint,
    coalesce(sum(fen) FILTER (WHERE fen > 0), 0)::bigint
FROM due
