"""What a posting is asked costs its rows once, whatever its size and whatever stands in the books.

That its journals are whole was asked journal by journal, over all their entries once more; the
plan for the ledgers was that of the first posting on the connection: after a close, every payment
read all ledgers.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION billing_entries_posted() RETURNS trigger LANGUAGE plpgsql
-- A ledger is looked up by its id, for one posting as for a million.
SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    faulty bigint;
    first_journal bigint;
    last_journal bigint;
    entries bigint;
    there bigint;
BEGIN
    SELECT min(journal_id) FILTER (WHERE rest_fen <> 0), min(journal_id), max(journal_id), sum(n)
    INTO faulty, first_journal, last_journal, entries
    FROM (
        SELECT journal_id, sum(amount_fen) AS rest_fen, count(*) AS n
        FROM posted GROUP BY journal_id
    ) AS journal;
    IF faulty IS NOT NULL THEN
        RAISE EXCEPTION 'the entries of journal % do not sum to zero', faulty
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_sums_to_zero';
    END IF;

    -- All that was posted stands between these journals: when as much stands there as was posted,
    -- nothing stood there before. Else others posted meanwhile, and each journal is looked at.
    SELECT count(*) INTO there
    FROM billing_entry WHERE journal_id BETWEEN first_journal AND last_journal;
    IF there <> entries THEN
        SELECT whole.journal_id INTO faulty
        FROM (SELECT journal_id, count(*) AS n FROM posted GROUP BY journal_id) AS whole
        WHERE (SELECT count(*) FROM billing_entry e WHERE e.journal_id = whole.journal_id)
            <> whole.n
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'journal % is whole already, no entry joins it', faulty
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'journal_is_written_at_once';
        END IF;
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

-- Looked at after the row is written: before it, each row would be locked once more.
DROP TRIGGER billing_ledger_totals_follow ON billing_ledger;
CREATE TRIGGER billing_ledger_totals_follow AFTER UPDATE OF cash_fen, gift_fen ON billing_ledger
    FOR EACH ROW WHEN (
        pg_trigger_depth() = 0
        AND (OLD.cash_fen <> NEW.cash_fen OR OLD.gift_fen <> NEW.gift_fen)
    )
    EXECUTE FUNCTION billing_totals_follow_entries();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0033_references_by_the_statement")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
