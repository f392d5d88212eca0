-- ACC-9: the cash left on the own public ledger of each subscription that a unified account of the
-- same owner begins to pay on the 1st after the month moves into its public ledger.
WITH moving AS MATERIALIZED (
    SELECT source.id AS source_id, target.id AS target_id, source.cash_fen, own.code,
        unified.id AS account_id, nextval(pg_get_serial_sequence('billing_journal', 'id')) AS journal_id
    FROM billing_payrelation relation
    JOIN billing_account unified ON unified.id = relation.account_id AND unified.kind = 'unified'
    JOIN billing_account own
        ON own.subscription_id = relation.subscription_id AND own.current
        AND own.owner_id = unified.owner_id
    JOIN billing_ledger source ON source.account_id = own.id AND source.kind = 'public'
    JOIN billing_ledger target ON target.account_id = unified.id AND target.kind = 'public'
    WHERE relation.valid_from = %(ends_at)s AND source.cash_fen > 0
        AND mod(unified.id, %(shards)s) = %(shard)s
        AND (%(only)s::bigint[] IS NULL OR own.id = ANY (%(only)s) OR unified.id = ANY (%(only)s))
        AND NOT EXISTS (  -- its bill comes first
            SELECT FROM billing_unbilledaccount unbilled
            WHERE unbilled.month = %(month)s AND unbilled.billed_at IS NULL
                AND unbilled.account_id IN (own.id, unified.id)
        )
        AND (relation.valid_until IS NULL OR relation.valid_until > relation.valid_from)
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, ref)
    SELECT journal_id, 'move', %(at)s, now(), code
    FROM moving
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen)
    SELECT journal_id, source_id, 'cash', -cash_fen FROM moving
    UNION ALL
    SELECT journal_id, target_id, 'cash', cash_fen FROM moving
)
SELECT account_id, cash_fen FROM moving
