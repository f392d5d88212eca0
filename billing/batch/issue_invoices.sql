-- A whole book at once: every bill of the month of which something is left, in the order of its
-- account, each on one invoice under the account's main number (BIL-3). The twin of
-- ``billing.rules.invoice_parts``: rates share a line's amount, part and rest share its tax.
WITH bill AS MATERIALIZED (
    SELECT b.id, b.account_id
    FROM billing_bill b
    WHERE b.month = %(month)s AND b.account_id = ANY (%(accounts)s::bigint[])
), line AS MATERIALIZED (
    SELECT bill.account_id, line_left.*
    FROM billing_lines_left((SELECT array_agg(id) FROM bill)) line_left
    JOIN bill ON bill.id = line_left.bill_id
), due AS MATERIALIZED (
    SELECT account_id, bill_id,
        %(first_number)s + row_number() OVER (ORDER BY account_id, bill_id) - 1 AS number,
        nextval(pg_get_serial_sequence('billing_invoice', 'id')) AS invoice_id
    FROM line
    GROUP BY account_id, bill_id
    HAVING sum(left_fen) > 0
), rate AS (
    SELECT due.invoice_id, line.bill_id, line.line_id, line.place, part.percent,
        sign(line.left_fen)::bigint AS sign, abs(line.left_fen) AS taken_fen,
        abs(part.left_fen) AS rate_fen, abs(part.left_tax_fen) AS rate_tax_fen,
        sum(abs(part.left_fen)) OVER (PARTITION BY line.line_id) AS whole_fen
    FROM due
    JOIN line USING (bill_id)
    JOIN billing_tax_parts((SELECT array_agg(bill_id) FROM due), %(rates)s::jsonb) part
        ON part.line_id = line.line_id
    WHERE line.left_fen <> 0
), floored AS (
    SELECT rate.*, div(taken_fen::numeric * rate_fen, whole_fen)::bigint AS floor_fen,
        mod(taken_fen::numeric * rate_fen, whole_fen) AS remainder
    FROM rate
), part AS (
    SELECT floored.*, floor_fen + CASE
        WHEN row_number() OVER (PARTITION BY line_id ORDER BY remainder DESC, percent)
            <= taken_fen - sum(floor_fen) OVER (PARTITION BY line_id)
        THEN 1 ELSE 0 END AS fen
    FROM floored
), taxed AS MATERIALIZED (
    SELECT part.*, sign * fen AS amount_fen,
        sign * billing_half_up((rate_tax_fen * fen)::bigint, rate_fen) AS tax_fen,
        row_number() OVER (PARTITION BY invoice_id ORDER BY place, percent) AS position
    FROM part WHERE fen <> 0
), invoice AS (
    INSERT INTO billing_invoice (
        id, key, digest, book_id, number, kind, account_id, bill_id, business_number, buyer_name,
        buyer_tax_number, amount_fen, tax_fen, reason, issued_at, recorded_at, by_id
    )
    SELECT due.invoice_id, 'mass/' || %(book)s || '/' || due.number, '', %(book)s, due.number,
        'bill', due.account_id, due.bill_id, billing_main_number(due.account_id, %(on)s::date),
        owner.name, '', total.amount_fen, total.tax_fen, '', %(at)s, now(), %(by)s
    FROM due
    JOIN (
        SELECT invoice_id, sum(amount_fen)::bigint AS amount_fen, sum(tax_fen)::bigint AS tax_fen
        FROM taxed GROUP BY invoice_id
    ) AS total USING (invoice_id)
    JOIN billing_account account ON account.id = due.account_id
    JOIN customers_customer owner ON owner.id = account.owner_id
    ORDER BY due.number
), written AS (
    INSERT INTO billing_invoiceline (
        invoice_id, position, bill_line_id, number, item, tax_percent, amount_fen, tax_fen
    )
    SELECT taxed.invoice_id, taxed.position, taxed.line_id, coalesce(subscription.number, ''),
        billed.item, taxed.percent, taxed.amount_fen, taxed.tax_fen
    FROM taxed
    JOIN billing_billline billed ON billed.id = taxed.line_id
    LEFT JOIN customers_subscription subscription ON subscription.id = billed.subscription_id
    ORDER BY taxed.invoice_id, taxed.position
)
SELECT count(DISTINCT invoice_id), coalesce(sum(amount_fen), 0)::bigint FROM taxed
