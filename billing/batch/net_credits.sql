-- Credits of a month's new bills pay the other lines of their bill; what is left of them is cash of
-- the public ledger (BIL-7). The specification is billing/rules/netting.py.
-- Every leg that pays a line names it, so that a line's entries always sum to what is paid of it.
WITH credited AS MATERIALIZED (
    SELECT line.bill_id, line.id, line.position, line.amount_fen
    FROM billing_bill bill
    JOIN billing_billline line ON line.bill_id = bill.id
    WHERE bill.month = %(month)s
        AND bill.account_id IN (SELECT account_id FROM close_line WHERE amount_fen < 0)
), summed AS (
    SELECT credited.*, amount_fen < 0 AS is_credit,
        sum(abs(amount_fen)) OVER (PARTITION BY bill_id, amount_fen < 0 ORDER BY position)
            - abs(amount_fen) AS before_fen,
        sum(abs(amount_fen)) FILTER (WHERE amount_fen < 0) OVER (PARTITION BY bill_id)
            AS credits_fen,
        coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0) OVER (PARTITION BY bill_id), 0)
            AS charges_fen
    FROM credited
), netted AS MATERIALIZED (
    SELECT bill_id, id, position, amount_fen, is_credit,
        greatest(0, least(
            abs(amount_fen),
            CASE WHEN is_credit THEN charges_fen ELSE credits_fen END - before_fen
        ))::bigint AS net_fen
    FROM summed
), journal AS MATERIALIZED (
    SELECT netted.bill_id, account.code, public.id AS public_id,
        sum(abs(netted.amount_fen) - netted.net_fen) FILTER (WHERE netted.is_credit)::bigint
            AS left_fen,
        nextval((SELECT pg_get_serial_sequence('billing_journal', 'id')::regclass)) AS id
    FROM netted
    JOIN billing_bill bill ON bill.id = netted.bill_id
    JOIN billing_account account ON account.id = bill.account_id
    JOIN billing_ledger public ON public.account_id = account.id AND public.kind = 'public'
    GROUP BY netted.bill_id, account.code, public.id
), journals AS (
    INSERT INTO billing_journal (id, kind, at, recorded_at, ref)
    SELECT id, 'adjustment', %(at)s, now(), code || '/' || to_char(%(month)s, 'YYYY-MM')
    FROM journal
), entries AS (
    INSERT INTO billing_entry (journal_id, ledger_id, money, amount_fen, bill_line_id)
    SELECT journal_id, ledger_id, 'cash', amount_fen, line_id
    FROM (
        -- A charge is paid by credits; a credit is used up by charges.
        SELECT journal.id AS journal_id, %(receivable)s::bigint AS ledger_id,
            CASE WHEN is_credit THEN net_fen ELSE -net_fen END AS amount_fen,
            netted.id AS line_id, netted.position AS place
        FROM netted JOIN journal USING (bill_id)
        UNION ALL
        SELECT journal.id, journal.public_id, abs(amount_fen) - net_fen, netted.id, netted.position
        FROM netted JOIN journal USING (bill_id)
        WHERE is_credit
        UNION ALL
        SELECT id, %(receivable)s, -left_fen, NULL, NULL FROM journal
    ) AS legs
    WHERE amount_fen <> 0
    ORDER BY journal_id, place NULLS LAST
), lines AS (
    UPDATE billing_billline line
    SET paid_fen = CASE WHEN netted.is_credit THEN netted.amount_fen ELSE netted.net_fen END
    FROM netted
    WHERE line.id = netted.id AND (netted.is_credit OR netted.net_fen > 0)
)
SELECT count(*), coalesce(sum(left_fen), 0) FROM journal
