-- Money that nobody is known for: at once on the house's unidentified ledger, never left out.
WITH line AS MATERIALIZED (
    SELECT id, bank, reference, booked_on, amount_fen,
        nextval(pg_get_serial_sequence('billing_journal', 'id')) AS journal_id
    FROM billing_statementline
    WHERE id = ANY (%(lines)s::bigint[]) AND state = 'waiting'
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, by_id, ref)
    SELECT journal_id, 'unidentified', %(at)s, now(), %(by)s, bank || ' ' || reference
    FROM line
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)
    SELECT journal_id, leg.ledger_id, 'cash', leg.amount_fen
    FROM line
    CROSS JOIN LATERAL (VALUES (%(source)s, -line.amount_fen), (%(unidentified)s, line.amount_fen))
        AS leg (ledger_id, amount_fen)
), kept AS (
    INSERT INTO billing_unidentifiedpayment (
        line_id, source, amount_fen, arrived_on, state, reason
    )
    SELECT id, bank, amount_fen, booked_on, 'open', ''
    FROM line
)
UPDATE billing_statementline
SET state = 'unidentified', journal_id = line.journal_id
FROM line
WHERE billing_statementline.id = line.id
RETURNING billing_statementline.amount_fen
