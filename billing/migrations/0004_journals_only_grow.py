"""Journals are insert-only, sum to zero and keep the running totals (ACC-6)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_journals_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('bss.throw_away_database', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is never changed or deleted, only reversed by another journal', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER billing_journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_journal
    FOR EACH STATEMENT EXECUTE FUNCTION billing_journals_only_grow();
CREATE TRIGGER billing_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_entry
    FOR EACH STATEMENT EXECUTE FUNCTION billing_journals_only_grow();

CREATE FUNCTION billing_entries_posted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    faulty bigint;
BEGIN
    SELECT journal_id INTO faulty
    FROM posted GROUP BY journal_id HAVING sum(amount_fen) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the entries of journal % do not sum to zero', faulty
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_sums_to_zero';
    END IF;

    SELECT whole.journal_id INTO faulty
    FROM (SELECT journal_id, min(id) AS first, max(id) AS last FROM posted GROUP BY journal_id)
        AS whole
    WHERE EXISTS (
        SELECT FROM billing_entry e
        WHERE e.journal_id = whole.journal_id AND (e.id < whole.first OR e.id > whole.last)
    )
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal % is whole already, no entry joins it', faulty
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'journal_is_written_at_once';
    END IF;

    -- In one order, so that two postings never wait for each other in a circle. The house's own
    -- ledgers have no running total: every posting would wait for the same rows.
    PERFORM FROM billing_ledger
    WHERE id IN (SELECT ledger_id FROM posted) AND kind <> 'house'
    ORDER BY id FOR NO KEY UPDATE;

    UPDATE billing_ledger
    SET cash_fen = cash_fen + moved.cash, gift_fen = gift_fen + moved.gift
    FROM (
        SELECT ledger_id,
            coalesce(sum(amount_fen) FILTER (WHERE money = 'cash'), 0) AS cash,
            coalesce(sum(amount_fen) FILTER (WHERE money = 'gift'), 0) AS gift
        FROM posted GROUP BY ledger_id
    ) AS moved
    WHERE id = moved.ledger_id AND kind <> 'house';
    RETURN NULL;
END $$;

CREATE TRIGGER billing_entry_posted AFTER INSERT ON billing_entry
    REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION billing_entries_posted();

CREATE FUNCTION billing_totals_follow_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the totals of ledger % follow its entries, nothing else sets them', NEW.id
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER billing_ledger_begins_empty BEFORE INSERT ON billing_ledger FOR EACH ROW
    WHEN (NEW.cash_fen <> 0 OR NEW.gift_fen <> 0)
    EXECUTE FUNCTION billing_totals_follow_entries();
-- Depth 0 is a statement of a client, depth 1 the entries' trigger above.
CREATE TRIGGER billing_ledger_totals_follow BEFORE UPDATE ON billing_ledger FOR EACH ROW
    WHEN (
        pg_trigger_depth() = 0
        AND (OLD.cash_fen <> NEW.cash_fen OR OLD.gift_fen <> NEW.gift_fen)
    )
    EXECUTE FUNCTION billing_totals_follow_entries();
"""

BACKWARD = """
DROP TRIGGER billing_ledger_totals_follow ON billing_ledger;
DROP TRIGGER billing_ledger_begins_empty ON billing_ledger;
DROP FUNCTION billing_totals_follow_entries();
DROP TRIGGER billing_entry_posted ON billing_entry;
DROP FUNCTION billing_entries_posted();
DROP TRIGGER billing_entry_only_grows ON billing_entry;
DROP TRIGGER billing_journal_only_grows ON billing_journal;
DROP FUNCTION billing_journals_only_grow();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_number_segments")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
