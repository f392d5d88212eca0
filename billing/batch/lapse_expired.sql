-- Gift money of special ledgers that have expired goes back to where gifts come from, and so do
-- gift parts that would come after the last day (ACC-3, ACC-5). One journal per ledger.
WITH expired AS MATERIALIZED (
    SELECT ledger.id, ledger.gift_fen, coalesce(parts.amount_fen, 0) AS to_come_fen, parts.ids,
        left(account.code || '/' || ledger.name, 80) AS ref,
        nextval(pg_get_serial_sequence('billing_journal', 'id')) AS journal_id
    FROM billing_ledger ledger
    JOIN billing_account account ON account.id = ledger.account_id
    LEFT JOIN LATERAL (
        SELECT sum(release.amount_fen)::bigint AS amount_fen, array_agg(release.id) AS ids
        FROM billing_ledgerrelease release
        WHERE release.ledger_id = ledger.id AND release.state = 'to_come'
            AND release.money = 'gift' AND release.month > ledger.expires_on
    ) AS parts ON true
    WHERE ledger.id = ANY (%(ledgers)s::bigint[])
        AND (ledger.gift_fen > 0 OR parts.amount_fen > 0)
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, ref)
    SELECT journal_id, 'lapse', %(at)s, now(), ref
    FROM expired
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)
    SELECT expired.journal_id, leg.ledger_id, 'gift', leg.amount_fen
    FROM expired
    CROSS JOIN LATERAL (
        VALUES (expired.id, -gift_fen), (%(prepaid)s::bigint, -to_come_fen),
            (%(gift)s::bigint, gift_fen + to_come_fen)
    ) AS leg (ledger_id, amount_fen)
    WHERE leg.amount_fen <> 0
), lapsed AS (
    UPDATE billing_ledgerrelease release
    SET state = 'lapsed', journal_id = expired.journal_id
    FROM expired
    WHERE release.id = ANY (expired.ids)
)
SELECT count(*), coalesce(sum(gift_fen + to_come_fen), 0)::bigint FROM expired
