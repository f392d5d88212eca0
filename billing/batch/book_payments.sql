-- Many payments at once (PAY-1): each with its journal, its entries and its revenue fact, into the
-- public ledgers of accounts that the caller holds. A key that is there already moves nothing.
WITH asked AS MATERIALIZED (
    SELECT DISTINCT ON (key) key, account_id, amount_fen, place
    FROM unnest(%(keys)s::text[], %(accounts)s::bigint[], %(amounts)s::bigint[])
        WITH ORDINALITY AS given (key, account_id, amount_fen, place)
    ORDER BY key, place
), before AS MATERIALIZED (
    SELECT asked.key, payment.id,
        ledger.kind = 'public' AND payment.account_id = asked.account_id
            AND payment.amount_fen = asked.amount_fen AS same
    FROM asked
    JOIN billing_payment payment ON payment.key = asked.key
    JOIN billing_ledger ledger ON ledger.id = payment.ledger_id
), coming AS MATERIALIZED (
    SELECT asked.key, asked.account_id, asked.amount_fen, ledger.id AS ledger_id,
        nextval(pg_get_serial_sequence('billing_journal', 'id')) AS journal_id
    FROM asked
    JOIN billing_ledger ledger ON ledger.account_id = asked.account_id AND ledger.kind = 'public'
    WHERE NOT EXISTS (SELECT FROM before WHERE before.key = asked.key)
), taken AS (
    INSERT INTO billing_payment (
        key, account_id, ledger_id, amount_fen, means, channel_id, taken_by_id, number, at,
        journal_id
    )
    SELECT key, account_id, ledger_id, amount_fen, %(means)s, %(channel)s, %(by)s, '', %(at)s,
        journal_id
    FROM coming
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key, account_id, ledger_id, amount_fen, journal_id
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, by_id, ref)
    SELECT journal_id, 'payment', %(at)s, now(), %(by)s, key
    FROM taken
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)
    SELECT journal_id, leg.ledger_id, 'cash', leg.amount_fen
    FROM taken
    CROSS JOIN LATERAL (VALUES (%(source)s, -taken.amount_fen), (taken.ledger_id, taken.amount_fen))
        AS leg (ledger_id, amount_fen)
), facts AS (
    INSERT INTO channels_revenuefact (
        payment_ref, channel_id, staff_id, customer_id, means, amount_fen, at
    )
    SELECT taken.key, %(channel)s, %(by)s, account.owner_id, %(means)s, taken.amount_fen, %(at)s
    FROM taken
    JOIN billing_account account ON account.id = taken.account_id
)
SELECT asked.place, coalesce(taken.id, before.id),
    CASE
        WHEN taken.id IS NOT NULL THEN 'booked'
        WHEN before.same THEN 'same'
        WHEN before.id IS NOT NULL THEN 'clash'
        ELSE 'unknown'
    END
FROM asked
LEFT JOIN taken USING (key)
LEFT JOIN before USING (key)
ORDER BY asked.place
