"""A journal's entries come in one statement, whatever ids they bring (ACC-6).

Until now an entry could join a written journal under an id that stood between those of its own.
And a journal is truncated only where the database itself is named as a test's: the setting alone
is anybody's to make.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION billing_journals_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test%'
        AND current_setting('bss.throw_away_database', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is never changed or deleted, only reversed by another journal', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION billing_entries_posted() RETURNS trigger LANGUAGE plpgsql AS $$
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
    FROM (SELECT journal_id, count(*) AS entries FROM posted GROUP BY journal_id) AS whole
    WHERE (SELECT count(*) FROM billing_entry e WHERE e.journal_id = whole.journal_id)
        <> whole.entries
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
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0013_never_more_invoiced_than_billed")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
