"""What of a bill can still be invoiced, by line and by rate; what prepayments' invoices cover.

Source: BIL-3, BIL-4. One account or a whole month ask the same functions.
"""

from django.db import migrations

FORWARD = """
-- A fee that is charged is invoiced less gift, less cover, less what is invoiced; a credit whole.
CREATE FUNCTION billing_lines_left(bills bigint[])
RETURNS TABLE (
    bill_id bigint, line_id bigint, place bigint, amount_fen bigint, gift_fen bigint,
    covered_fen bigint, invoiced_fen bigint, left_fen bigint
) LANGUAGE sql STABLE AS $$
    SELECT line.bill_id, line.id, line.position, line.amount_fen, line.paid_gift_fen,
        cover.fen, invoiced.fen,
        CASE WHEN line.amount_fen > 0
            THEN greatest(0, line.amount_fen - line.paid_gift_fen - cover.fen - invoiced.fen)
            ELSE line.amount_fen - invoiced.fen END
    FROM unnest(bills) AS wanted (id)
    JOIN billing_billline line ON line.bill_id = wanted.id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount_fen), 0)::bigint AS fen
        FROM billing_invoicecover WHERE bill_line_id = line.id
    ) AS cover
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount_fen), 0)::bigint AS fen
        FROM billing_invoiceline WHERE bill_line_id = line.id
    ) AS invoiced
$$;

-- Each rate's share of a line, less what invoices took of it. A fee's rates are its revenue
-- shares'; of a usage line the rate is the one that gives its tax, the item's own before others.
CREATE FUNCTION billing_tax_parts(bills bigint[], rates jsonb)
RETURNS TABLE (line_id bigint, percent smallint, left_fen bigint, left_tax_fen bigint)
LANGUAGE sql STABLE AS $$
    WITH line AS (
        SELECT line.id, line.item, line.amount_fen, line.tax_fen
        FROM unnest(bills) AS wanted (id)
        JOIN billing_billline line ON line.bill_id = wanted.id
    ), shared AS (
        SELECT share.line_id, share.tax_percent AS percent, sum(share.amount_fen)::bigint AS fen,
            sum(share.tax_fen)::bigint AS tax
        FROM billing_revenueshare share
        WHERE share.line_id IN (SELECT id FROM line)
        GROUP BY share.line_id, share.tax_percent
    ), rest AS (
        SELECT line.id AS line_id, line.item,
            line.amount_fen - coalesce(sum(shared.fen), 0)::bigint AS fen,
            line.tax_fen - coalesce(sum(shared.tax), 0)::bigint AS tax
        FROM line LEFT JOIN shared ON shared.line_id = line.id
        GROUP BY line.id, line.item, line.amount_fen, line.tax_fen
    ), part AS (
        SELECT line_id, percent, fen, tax FROM shared
        UNION ALL
        SELECT rest.line_id, (
            SELECT rate.percent
            FROM (
                SELECT key, value::smallint AS percent FROM jsonb_each_text(rates)
                UNION ALL SELECT '', 0
            ) AS rate
            WHERE billing_half_up(rest.fen * rate.percent, 100 + rate.percent) = rest.tax
            ORDER BY rate.key <> rest.item, rate.percent DESC
            LIMIT 1
        ), fen, tax
        FROM rest WHERE fen <> 0
    ), billed AS (
        SELECT part.line_id, part.percent, sum(fen)::bigint AS fen, sum(tax)::bigint AS tax
        FROM part GROUP BY part.line_id, part.percent
    )
    SELECT billed.line_id, billed.percent, billed.fen - invoiced.fen, billed.tax - invoiced.tax
    FROM billed
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount_fen), 0)::bigint AS fen, coalesce(sum(tax_fen), 0)::bigint AS tax
        FROM billing_invoiceline taken
        WHERE taken.bill_line_id = billed.line_id
            AND taken.tax_percent IS NOT DISTINCT FROM billed.percent
    ) AS invoiced
    WHERE billed.fen <> invoiced.fen
$$;

CREATE FUNCTION billing_main_number(account bigint, on_day date) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (
            SELECT main.number
            FROM billing_bundleaccount link
            JOIN packages_wo_bundleterm term ON term.bundle_id = link.bundle_id
            JOIN customers_subscription main ON main.id = term.main_id
            WHERE link.account_id = account AND term.valid_from <= on_day
            ORDER BY term.valid_until IS NULL OR term.valid_until > on_day DESC,
                term.valid_from DESC, term.id
            LIMIT 1
        ),
        (
            SELECT own.number
            FROM billing_account a JOIN customers_subscription own ON own.id = a.subscription_id
            WHERE a.id = account
        ),
        (
            SELECT paid.number
            FROM billing_payrelation relation
            JOIN customers_subscription paid ON paid.id = relation.subscription_id
            WHERE relation.account_id = account
            ORDER BY relation.valid_from, relation.id
            LIMIT 1
        ),
        ''
    )
$$;

-- What a prepayment's invoice does not cover yet of the bills that its money will pay.
CREATE FUNCTION billing_prepaid_left(accounts bigint[])
RETURNS TABLE (account_id bigint, invoice_id bigint, last_entry bigint, left_fen bigint)
LANGUAGE sql STABLE AS $$
    SELECT invoice.account_id, invoice.id, invoice.last_entry,
        invoice.amount_fen - (
            SELECT coalesce(sum(amount_fen), 0) FROM billing_invoicecover
            WHERE invoice_id = invoice.id
        )::bigint
    FROM billing_invoice invoice
    WHERE invoice.account_id = ANY (accounts) AND invoice.kind = 'prepayment'
        AND NOT EXISTS (SELECT FROM billing_invoice red WHERE red.reverses_id = invoice.id)
$$;

-- Bill lines that cash has paid since a prepayment's invoice are covered by it, the oldest first.
-- The caller holds the accounts.
CREATE FUNCTION billing_cover_prepaid(accounts bigint[], moment timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    prepaid record;
    line record;
    open_fen bigint;
    part_fen bigint;
BEGIN
    FOR prepaid IN
        SELECT * FROM billing_prepaid_left(accounts) WHERE left_fen > 0 ORDER BY invoice_id
    LOOP
        open_fen := prepaid.left_fen;
        FOR line IN
            SELECT l.id, paid.fen - (
                    SELECT coalesce(sum(cover.amount_fen), 0)
                    FROM billing_invoicecover cover
                    WHERE cover.bill_line_id = l.id
                ) AS cash_fen,
                l.amount_fen - l.paid_gift_fen - (
                    SELECT coalesce(sum(amount_fen), 0) FROM billing_invoicecover
                    WHERE bill_line_id = l.id
                ) - (
                    SELECT coalesce(sum(amount_fen), 0) FROM billing_invoiceline
                    WHERE bill_line_id = l.id
                ) AS left_fen
            FROM (
                SELECT e.bill_line_id, -sum(e.amount_fen) AS fen
                FROM billing_ledger ledger
                JOIN billing_entry e ON e.ledger_id = ledger.id AND e.money = 'cash'
                    AND e.bill_line_id IS NOT NULL AND e.id > prepaid.last_entry
                WHERE ledger.account_id = prepaid.account_id
                GROUP BY e.bill_line_id
            ) AS paid
            JOIN billing_billline l ON l.id = paid.bill_line_id
            JOIN billing_bill bill ON bill.id = l.bill_id
            WHERE l.amount_fen > 0
            ORDER BY bill.month NULLS FIRST, bill.id, l.position
        LOOP
            EXIT WHEN open_fen = 0;
            part_fen := least(open_fen, line.cash_fen, line.left_fen);
            CONTINUE WHEN part_fen <= 0;
            INSERT INTO billing_invoicecover (invoice_id, bill_line_id, amount_fen, at)
            VALUES (prepaid.invoice_id, line.id, part_fen, moment);
            open_fen := open_fen - part_fen;
        END LOOP;
    END LOOP;
END $$;
"""

BACKWARD = """
DROP FUNCTION billing_cover_prepaid(bigint[], timestamptz);
DROP FUNCTION billing_prepaid_left(bigint[]);
DROP FUNCTION billing_main_number(bigint, date);
DROP FUNCTION billing_tax_parts(bigint[], jsonb);
DROP FUNCTION billing_lines_left(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_invoices"), ("packages_wo", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
