-- Lines, their tax and revenue shares, bills and the journals that post them (BIL-1, BIL-4, BIL-5).
-- GEN-3: the hao of a line are summed, then rounded once.
CREATE TEMP TABLE close_line ON COMMIT DROP AS
WITH summed AS (
    SELECT charge.account_id, charge.subscription_id, charge.item, place.position AS place,
        billing_half_up(sum(charge.amount_hao)::bigint, 100) AS amount_fen,
        (sum(charge.amount_hao) FILTER (WHERE charge.is_usage))::bigint AS usage_hao,
        coalesce(jsonb_agg(charge.why) FILTER (WHERE charge.why IS NOT NULL), '[]') AS why,
        CASE WHEN count(*) = count(charge.percent) AND min(charge.percent) = max(charge.percent)
            THEN min(charge.percent) END AS percent
    FROM close_charge charge
    JOIN unnest(%(items)s::text[]) WITH ORDINALITY AS place (item, position)
        ON place.item = charge.item
    GROUP BY charge.account_id, charge.subscription_id, charge.item, place.position
    HAVING billing_half_up(sum(charge.amount_hao)::bigint, 100) <> 0
), placed AS (
    SELECT summed.*, row_number() OVER line AS position,
        (sum(amount_fen) OVER line)::bigint - amount_fen AS before_fen,
        coalesce(paying.gift_fen, 0) AS of_gift_fen,
        coalesce(paying.gift_fen + paying.cash_fen, 0) AS of_both_fen
    FROM summed
    LEFT JOIN close_paying paying USING (account_id)
    WINDOW line AS (
        PARTITION BY account_id ORDER BY subscription_id, place ROWS UNBOUNDED PRECEDING
    )
)
SELECT account_id, subscription_id, item, amount_fen, usage_hao, why, position,
    greatest(0, least(amount_fen, of_both_fen - before_fen)) AS paid_fen,
    greatest(0, least(amount_fen, of_gift_fen - before_fen)) AS paid_gift_fen,
    -- The tax of a line that has one rate; null where it is divided.
    billing_half_up(amount_fen * percent, 100 + percent) AS tax_fen
FROM placed;

-- Whose bills this run issues.
CREATE TEMP TABLE close_billed ON COMMIT DROP AS SELECT DISTINCT account_id FROM close_line;
ALTER TABLE close_billed ADD PRIMARY KEY (account_id);
ANALYZE close_line, close_billed;

-- A line of several rates is divided by what each was charged.
INSERT INTO close_part (account_id, subscription_id, item, service, percent, weight)
SELECT account_id, subscription_id, item, '', charge.percent, sum(charge.amount_hao)::bigint
FROM close_charge charge
JOIN close_line line USING (account_id, subscription_id, item)
WHERE line.tax_fen IS NULL AND charge.percent IS NOT NULL
GROUP BY account_id, subscription_id, item, charge.percent;

ANALYZE close_part;

-- Largest remainder: every part its whole fen, the fen left over to the largest remainders.
CREATE TEMP TABLE close_share ON COMMIT DROP AS
WITH whole AS (
    SELECT line.account_id, line.subscription_id, line.item, line.amount_fen, part.service,
        part.percent,
        div(line.amount_fen::numeric * part.weight, sum(part.weight) OVER line)::bigint AS floor_fen,
        mod(line.amount_fen::numeric * part.weight, sum(part.weight) OVER line) AS remainder
    FROM close_line line
    JOIN close_part part USING (account_id, subscription_id, item)
    WHERE line.tax_fen IS NULL
    WINDOW line AS (PARTITION BY line.account_id, line.subscription_id, line.item)
), shared AS (
    SELECT whole.*,
        floor_fen + CASE
            WHEN row_number() OVER (
                PARTITION BY account_id, subscription_id, item
                ORDER BY remainder DESC, service, percent
            ) <= amount_fen - sum(floor_fen) OVER (PARTITION BY account_id, subscription_id, item)
            THEN 1 ELSE 0
        END AS share_fen
    FROM whole
)
SELECT account_id, subscription_id, item, service, percent, share_fen,
    billing_half_up(share_fen * percent, 100 + percent) AS tax_fen
FROM shared;

ANALYZE close_share;

INSERT INTO billing_bill (account_id, month, issued_at, due_on, total_fen, paid_fen)
SELECT account_id, %(month)s, %(at)s, %(due_on)s, sum(amount_fen),
    least(0, sum(amount_fen)) + sum(paid_fen)
FROM close_line
GROUP BY account_id
ORDER BY account_id;

INSERT INTO billing_billline (
    bill_id, subscription_id, item, position, amount_fen, paid_fen, paid_gift_fen, tax_fen,
    usage_hao, why
)
SELECT bill.id, line.subscription_id, line.item, line.position, line.amount_fen, line.paid_fen,
    line.paid_gift_fen, coalesce(line.tax_fen, tax.tax_fen, 0), line.usage_hao,
    jsonb_build_object('because', line.why)
FROM close_line line
JOIN billing_bill bill ON bill.account_id = line.account_id AND bill.month = %(month)s
LEFT JOIN (
    SELECT account_id, subscription_id, item, sum(tax_fen)::bigint AS tax_fen
    FROM close_share
    GROUP BY account_id, subscription_id, item
) AS tax
    ON tax.account_id = line.account_id AND tax.subscription_id = line.subscription_id
    AND tax.item = line.item
ORDER BY bill.id, line.position;

INSERT INTO billing_revenueshare (line_id, service, amount_fen, tax_percent, tax_fen)
SELECT line.id, share.service, share.share_fen, share.percent, share.tax_fen
FROM close_share share
JOIN billing_bill bill ON bill.account_id = share.account_id AND bill.month = %(month)s
JOIN billing_billline line
    ON line.bill_id = bill.id AND line.subscription_id = share.subscription_id
    AND line.item = share.item
WHERE share.service <> '';
