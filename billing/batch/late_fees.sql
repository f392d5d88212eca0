-- LATE_FEE: for every day of the month after the due day, so many per mille of what was unpaid at
-- the day's end (PAY-8). The specification is billing/rules/late_fee.py: what the whole lateness
-- costs up to the month's last day, less what it cost up to the day before its first.
WITH late AS (
    -- Lines that were overdue in the month: unpaid still, or touched since it began.
    SELECT line.id, line.subscription_id, line.amount_fen, bill.account_id, bill.id AS bill_id,
        bill.month, bill.due_on
    FROM billing_bill bill
    JOIN billing_billline line ON line.bill_id = bill.id
    WHERE bill.due_on < %(last_day)s AND bill.month IS NOT NULL
        AND mod(bill.account_id, %(shards)s) = %(shard)s
        AND line.item <> 'LATE_FEE' AND line.amount_fen > 0 AND line.subscription_id IS NOT NULL
        AND (
            bill.paid_fen < bill.total_fen
            OR EXISTS (
                SELECT FROM billing_billline own
                JOIN billing_entry entry ON entry.bill_line_id = own.id
                JOIN billing_journal journal ON journal.id = entry.journal_id
                WHERE own.bill_id = bill.id AND journal.at >= %(starts_at)s
            )
        )
), paid AS (
    SELECT late.id, (journal.at AT TIME ZONE 'Asia/Shanghai')::date AS on_day,
        -entry.amount_fen AS fen
    FROM late
    JOIN billing_entry entry ON entry.bill_line_id = late.id
    JOIN billing_journal journal ON journal.id = entry.journal_id
), lateness AS (
    -- Fen times days: the whole line every day, less each payment from its day on.
    SELECT late.*, upto.day,
        late.amount_fen::numeric * greatest(0, upto.day - late.due_on) - coalesce((
            SELECT sum(
                paid.fen * greatest(0, upto.day - greatest(paid.on_day, late.due_on + 1) + 1)
            )
            FROM paid WHERE paid.id = late.id
        ), 0) AS fen_days
    FROM late
    CROSS JOIN (VALUES (%(month)s::date - 1), (%(last_day)s::date)) AS upto (day)
), accrued AS (
    SELECT lateness.*, floor(greatest(0, least(
        fen_days * %(per_mille)s::numeric / 10, amount_fen::numeric * %(cap_percent)s
    )) + 0.5)::bigint AS hao
    FROM lateness
), fee AS (
    SELECT account_id, subscription_id, bill_id, month,
        (sum(hao) FILTER (WHERE day = %(last_day)s)
            - sum(hao) FILTER (WHERE day < %(last_day)s))::bigint AS hao
    FROM accrued
    GROUP BY account_id, subscription_id, bill_id, month
)
INSERT INTO close_charge (account_id, subscription_id, item, amount_hao, percent, why)
SELECT account_id, subscription_id, 'LATE_FEE', hao, %(other_percent)s,
    jsonb_build_object('rules', jsonb_build_array('PAY-8'), 'late_month', to_char(month, 'YYYY-MM'),
        'per_mille', %(per_mille)s::text, 'hao', hao)
FROM fee
WHERE hao > 0
