-- A ledger's running totals are the sums of its entries; the house's own ledgers have none.
SELECT 'ledger:' || ledger.id AS subject,
    coalesce(account.code || '/', '') || ledger.name AS name, part.money AS part,
    part.summed_fen AS expected_fen, part.running_fen AS found_fen
FROM billing_ledger ledger
LEFT JOIN billing_account account ON account.id = ledger.account_id
LEFT JOIN (
    SELECT ledger_id,
        coalesce(sum(amount_fen) FILTER (WHERE money = 'cash'), 0)::bigint AS cash_fen,
        coalesce(sum(amount_fen) FILTER (WHERE money = 'gift'), 0)::bigint AS gift_fen
    FROM billing_entry
    GROUP BY ledger_id
) AS summed ON summed.ledger_id = ledger.id AND ledger.kind <> 'house'
CROSS JOIN LATERAL (
    VALUES
        ('cash', coalesce(summed.cash_fen, 0), ledger.cash_fen),
        ('gift', coalesce(summed.gift_fen, 0), ledger.gift_fen)
) AS part (money, summed_fen, running_fen)
WHERE part.summed_fen <> part.running_fen
