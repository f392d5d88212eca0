"""Invoices only grow, are numbered without a gap and never exceed what they are of (BIL-3)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_invoices_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('bss.throw_away_database', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is never changed or deleted, only taken back by a red invoice', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER billing_invoice_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION billing_invoices_only_grow();
CREATE TRIGGER billing_invoiceline_only_grows
    BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_invoiceline
    FOR EACH STATEMENT EXECUTE FUNCTION billing_invoices_only_grow();
CREATE TRIGGER billing_invoicecover_only_grows
    BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_invoicecover
    FOR EACH STATEMENT EXECUTE FUNCTION billing_invoices_only_grow();
CREATE TRIGGER billing_invoicebook_stays BEFORE DELETE OR TRUNCATE ON billing_invoicebook
    FOR EACH STATEMENT EXECUTE FUNCTION billing_invoices_only_grow();

-- A book's numbers come one after the other; its next one moves with the invoices.
CREATE FUNCTION billing_invoices_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    faulty text;
BEGIN
    PERFORM FROM billing_invoicebook
    WHERE id IN (SELECT book_id FROM issued) ORDER BY id FOR NO KEY UPDATE;

    SELECT book.code INTO faulty
    FROM (
        SELECT book_id, min(number) AS first, max(number) AS last, count(*) AS n
        FROM issued GROUP BY book_id
    ) AS run
    JOIN billing_invoicebook book ON book.id = run.book_id
    WHERE run.first <> book.next_number OR run.last <> book.next_number + run.n - 1
        OR run.last > book.last_number OR book.closed_at IS NOT NULL
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'book % goes on with its next number, without a gap, while it is open',
            faulty USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_numbers_without_gap';
    END IF;

    UPDATE billing_invoicebook
    SET next_number = next_number + run.n
    FROM (SELECT book_id, count(*) AS n FROM issued GROUP BY book_id) AS run
    WHERE id = run.book_id;
    RETURN NULL;
END $$;

CREATE TRIGGER billing_invoice_numbered AFTER INSERT ON billing_invoice
    REFERENCING NEW TABLE AS issued
    FOR EACH STATEMENT EXECUTE FUNCTION billing_invoices_numbered();

CREATE FUNCTION billing_numbers_follow_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the next number of book % follows its invoices, nothing else sets it', NEW.code
        USING ERRCODE = 'restrict_violation';
END $$;

-- Depth 0 is a statement of a client, depth 1 the invoices' trigger above.
CREATE TRIGGER billing_invoicebook_numbers_follow BEFORE UPDATE ON billing_invoicebook FOR EACH ROW
    WHEN (pg_trigger_depth() = 0 AND OLD.next_number <> NEW.next_number)
    EXECUTE FUNCTION billing_numbers_follow_invoices();

-- Refuses what would be invoiced beyond the lines; the bills are locked, so nobody else adds.
CREATE FUNCTION billing_check_invoiced(lines bigint[], grown bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    faulty bigint;
BEGIN
    PERFORM FROM billing_bill
    WHERE id IN (SELECT bill_id FROM billing_billline WHERE id = ANY (lines))
    ORDER BY id FOR NO KEY UPDATE;

    SELECT line.id INTO faulty
    FROM billing_billline line
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount_fen), 0) AS fen, coalesce(sum(tax_fen), 0) AS tax
        FROM billing_invoiceline WHERE bill_line_id = line.id
    ) AS invoiced
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount_fen), 0) AS fen
        FROM billing_invoicecover WHERE bill_line_id = line.id
    ) AS cover
    WHERE line.id = ANY (lines) AND CASE
        WHEN line.amount_fen > 0 THEN
            invoiced.fen < 0 OR invoiced.tax < 0 OR invoiced.tax > line.tax_fen
            OR cover.fen < 0 OR invoiced.fen + cover.fen > line.amount_fen
            OR line.id = ANY (grown)
                AND invoiced.fen + cover.fen > line.amount_fen - line.paid_gift_fen
        ELSE invoiced.fen > 0 OR invoiced.fen < line.amount_fen OR invoiced.tax < line.tax_fen
        END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bill line % would be invoiced beyond what it may', faulty
            USING ERRCODE = 'check_violation', CONSTRAINT = 'never_more_invoiced_than_billed';
    END IF;

    SELECT bill.id INTO faulty
    FROM billing_bill bill
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(taken.amount_fen), 0) AS fen
        FROM billing_billline line
        JOIN billing_invoiceline taken ON taken.bill_line_id = line.id
        WHERE line.bill_id = bill.id
    ) AS invoiced
    WHERE bill.id IN (SELECT bill_id FROM billing_billline WHERE id = ANY (lines))
        AND (invoiced.fen > bill.total_fen OR invoiced.fen < 0)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'bill % would be invoiced beyond its total', faulty
            USING ERRCODE = 'check_violation', CONSTRAINT = 'never_more_invoiced_than_billed';
    END IF;
END $$;

CREATE FUNCTION billing_invoice_lines_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    faulty bigint;
BEGIN
    SELECT invoice.id INTO faulty
    FROM billing_invoice invoice
    JOIN billing_invoiceline line ON line.invoice_id = invoice.id
    WHERE invoice.id IN (SELECT invoice_id FROM written)
    GROUP BY invoice.id
    HAVING sum(line.amount_fen) <> invoice.amount_fen OR sum(line.tax_fen) <> invoice.tax_fen
        OR count(*) <> (SELECT count(*) FROM written WHERE invoice_id = invoice.id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the lines of invoice % are not written at once or do not sum to it', faulty
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_is_its_lines';
    END IF;

    SELECT written.id INTO faulty
    FROM written
    JOIN billing_invoice invoice ON invoice.id = written.invoice_id
    LEFT JOIN billing_billline billed ON billed.id = written.bill_line_id
    LEFT JOIN billing_bill bill ON bill.id = invoice.bill_id
    LEFT JOIN billing_invoiceline origin ON origin.id = written.reverses_id
    WHERE billed.bill_id IS DISTINCT FROM invoice.bill_id
        OR bill.account_id <> invoice.account_id
        OR (invoice.kind = 'red') <> (origin.id IS NOT NULL)
        OR origin.id IS NOT NULL AND (
            origin.invoice_id <> invoice.reverses_id
            OR origin.reverses_id IS NOT NULL
            OR origin.bill_line_id IS DISTINCT FROM written.bill_line_id
            OR origin.tax_percent IS DISTINCT FROM written.tax_percent
            OR origin.amount_fen <> -written.amount_fen OR origin.tax_fen <> -written.tax_fen
        )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'invoice line % is not of the bill or of the line it says', faulty
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_line_fits';
    END IF;

    PERFORM billing_check_invoiced(
        (SELECT array_agg(DISTINCT bill_line_id) FROM written),
        (SELECT array_agg(DISTINCT bill_line_id) FROM written WHERE amount_fen > 0)
    );

    PERFORM FROM billing_payment
    WHERE id IN (
        SELECT invoice.payment_id FROM billing_invoice invoice
        WHERE invoice.id IN (SELECT invoice_id FROM written)
    ) ORDER BY id FOR NO KEY UPDATE;
    SELECT payment.id INTO faulty
    FROM billing_payment payment
    JOIN billing_invoice invoice ON invoice.payment_id = payment.id
    WHERE payment.id IN (
        SELECT now.payment_id FROM billing_invoice now
        WHERE now.id IN (SELECT invoice_id FROM written)
    )
    GROUP BY payment.id
    HAVING sum(invoice.amount_fen) > payment.amount_fen OR sum(invoice.amount_fen) < 0
        OR bool_or(invoice.account_id <> payment.account_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'payment % would be invoiced beyond its amount', faulty
            USING ERRCODE = 'check_violation', CONSTRAINT = 'never_more_invoiced_than_paid';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER billing_invoice_lines_written AFTER INSERT ON billing_invoiceline
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION billing_invoice_lines_written();

CREATE FUNCTION billing_invoice_covers_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    faulty bigint;
BEGIN
    PERFORM billing_check_invoiced(
        (SELECT array_agg(DISTINCT bill_line_id) FROM written),
        (SELECT array_agg(DISTINCT bill_line_id) FROM written WHERE amount_fen > 0)
    );
    SELECT invoice.id INTO faulty
    FROM billing_invoice invoice
    JOIN billing_invoicecover cover ON cover.invoice_id = invoice.id
    WHERE invoice.id IN (SELECT invoice_id FROM written)
    GROUP BY invoice.id
    HAVING invoice.kind <> 'prepayment' OR sum(cover.amount_fen) > invoice.amount_fen
        OR sum(cover.amount_fen) < 0
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'invoice % cannot cover that much', faulty
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cover_is_within_its_invoice';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER billing_invoice_covers_written AFTER INSERT ON billing_invoicecover
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION billing_invoice_covers_written();
"""

BACKWARD = """
DROP TRIGGER billing_invoice_covers_written ON billing_invoicecover;
DROP FUNCTION billing_invoice_covers_written();
DROP TRIGGER billing_invoice_lines_written ON billing_invoiceline;
DROP FUNCTION billing_invoice_lines_written();
DROP FUNCTION billing_check_invoiced(bigint[], bigint[]);
DROP TRIGGER billing_invoicebook_numbers_follow ON billing_invoicebook;
DROP FUNCTION billing_numbers_follow_invoices();
DROP TRIGGER billing_invoice_numbered ON billing_invoice;
DROP FUNCTION billing_invoices_numbered();
DROP TRIGGER billing_invoicebook_stays ON billing_invoicebook;
DROP TRIGGER billing_invoicecover_only_grows ON billing_invoicecover;
DROP TRIGGER billing_invoiceline_only_grows ON billing_invoiceline;
DROP TRIGGER billing_invoice_only_grows ON billing_invoice;
DROP FUNCTION billing_invoices_only_grow();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_what_is_left_to_invoice")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
