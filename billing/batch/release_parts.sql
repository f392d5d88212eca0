-- One round of the parts of prepayments that are due (ACC-5): of each account the parts of one
-- ledger, so that unpaid bills are paid between one ledger's money and the next.
WITH due AS (
    SELECT release.id, release.ledger_id, release.target_id, release.money, release.amount_fen,
        target.account_id,
        dense_rank() OVER (PARTITION BY target.account_id ORDER BY release.ledger_id) AS round
    FROM billing_ledgerrelease release
    JOIN billing_ledger target ON target.id = release.target_id
    WHERE release.state = 'to_come' AND release.month <= %(month)s
), coming AS MATERIALIZED (
    SELECT ledger_id, target_id, account_id, money, sum(amount_fen)::bigint AS amount_fen,
        array_agg(id) AS parts,
        nextval(pg_get_serial_sequence('billing_journal', 'id')) AS journal_id
    FROM due
    WHERE round = 1
    GROUP BY ledger_id, target_id, account_id, money
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, ref)
    SELECT coming.journal_id, 'release', %(at)s, now(), left(account.code || '/' || ledger.name, 80)
    FROM coming
    JOIN billing_ledger ledger ON ledger.id = coming.ledger_id
    JOIN billing_account account ON account.id = ledger.account_id
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)
    SELECT journal_id, %(prepaid)s, money, -amount_fen FROM coming
    UNION ALL
    SELECT journal_id, target_id, money, amount_fen FROM coming
), released AS (
    UPDATE billing_ledgerrelease release
    SET state = 'released', journal_id = coming.journal_id
    FROM coming
    WHERE release.id = ANY (coming.parts)
)
SELECT account_id, amount_fen FROM coming
