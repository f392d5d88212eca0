-- Payments (PAY-1): each with its journal, its entries and its revenue fact, into the ledgers that
-- are named, else the public ones, of accounts that the caller holds. A key that is there already
-- moves nothing.
WITH asked AS MATERIALIZED (
    SELECT given.key, given.account_id, given.amount_fen, given.number, given.place,
        coalesce(given.ledger_id, public.id) AS ledger_id
    FROM (
        SELECT DISTINCT ON (key) key, account_id, amount_fen, ledger_id, number, place
        FROM unnest(
            %(keys)s::text[], %(accounts)s::bigint[], %(amounts)s::bigint[], %(ledgers)s::bigint[],
            %(numbers)s::text[]
        ) WITH ORDINALITY AS row (key, account_id, amount_fen, ledger_id, number, place)
        ORDER BY key, place
    ) AS given
    LEFT JOIN billing_ledger public
        ON public.account_id = given.account_id AND public.kind = 'public'
), before AS MATERIALIZED (
    SELECT asked.key, payment.id, payment.journal_id,
        payment.ledger_id = asked.ledger_id AND payment.amount_fen = asked.amount_fen AS same
    FROM asked
    JOIN billing_payment payment ON payment.key = asked.key
), coming AS MATERIALIZED (
    SELECT asked.*, nextval(pg_get_serial_sequence('billing_journal', 'id')) AS journal_id
    FROM asked
    WHERE ledger_id IS NOT NULL AND NOT EXISTS (SELECT FROM before WHERE before.key = asked.key)
), taken AS (
    INSERT INTO billing_payment (
        key, account_id, ledger_id, amount_fen, means, channel_id, taken_by_id, number, at,
        journal_id
    )
    SELECT key, account_id, ledger_id, amount_fen, %(means)s, %(channel)s, %(by)s, number,
        %(at)s, journal_id
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
SELECT asked.place, coalesce(taken.id, before.id), coalesce(taken.journal_id, before.journal_id),
    asked.ledger_id,
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
