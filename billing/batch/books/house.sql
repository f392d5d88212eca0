-- The house's books against the customers': what each of its ledgers must come to.
WITH wanted AS (
    SELECT %(receivable)s::bigint AS ledger_id, 'cash' AS money,
        (SELECT -coalesce(sum(total_fen - paid_fen), 0) FROM billing_bill) AS amount_fen
    UNION ALL
    SELECT %(tax)s, 'cash', (SELECT coalesce(sum(tax_fen), 0) FROM billing_billline)
    UNION ALL
    SELECT %(prepaid)s, kind.money, (
        SELECT coalesce(sum(amount_fen), 0)
        FROM billing_ledgerrelease release
        WHERE release.state = 'to_come' AND release.money = kind.money
    )
    FROM (VALUES ('cash'), ('gift')) AS kind (money)
    UNION ALL
    SELECT %(in_transit)s, 'cash', (
        SELECT -coalesce(sum(amount_fen), 0) FROM billing_handover WHERE state = 'on_the_way'
    )
    UNION ALL
    SELECT %(unidentified)s, 'cash', (
        SELECT coalesce(sum(amount_fen), 0) FROM billing_unidentifiedpayment WHERE state = 'open'
    )
    UNION ALL
    SELECT %(refund_payable)s, 'cash', (
        SELECT coalesce(sum(amount_fen), 0) FROM billing_refund WHERE state = 'payable'
    ) + (
        SELECT coalesce(sum(amount_fen), 0)
        FROM billing_gatewayrefund
        WHERE state = 'waiting' AND unidentified_id IS NOT NULL
    )
    UNION ALL
    SELECT revenue.ledger_id, 'cash', coalesce(earned.amount_fen, 0)
    FROM unnest(%(items)s::text[], %(revenue)s::bigint[]) AS revenue (item, ledger_id)
    LEFT JOIN (
        SELECT line.item, sum(line.amount_fen - line.tax_fen) AS amount_fen
        FROM billing_billline line
        JOIN billing_bill bill ON bill.id = line.bill_id
        WHERE bill.month IS NOT NULL
        GROUP BY line.item
    ) AS earned USING (item)
), booked AS (
    SELECT ledger_id, money, sum(amount_fen) AS amount_fen
    FROM billing_entry
    WHERE ledger_id IN (SELECT ledger_id FROM wanted)
    GROUP BY ledger_id, money
)
SELECT 'ledger:' || ledger.id AS subject, ledger.name AS name, money AS part,
    coalesce(wanted.amount_fen, 0)::bigint AS expected_fen,
    coalesce(booked.amount_fen, 0)::bigint AS found_fen
FROM wanted
FULL JOIN booked USING (ledger_id, money)
JOIN billing_ledger ledger ON ledger.id = ledger_id
WHERE coalesce(wanted.amount_fen, 0) <> coalesce(booked.amount_fen, 0)
