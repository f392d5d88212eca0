-- A bill is the sum of its lines, and so is what is paid of it.
SELECT 'bill:' || bill.id AS subject,
    account.code || '/' || coalesce(to_char(bill.month, 'YYYY-MM'), 'opening') AS name,
    part.what AS part, part.summed_fen AS expected_fen, part.stated_fen AS found_fen
FROM billing_bill bill
JOIN billing_account account ON account.id = bill.account_id
LEFT JOIN (
    SELECT bill_id, sum(amount_fen)::bigint AS amount_fen, sum(paid_fen)::bigint AS paid_fen
    FROM billing_billline
    GROUP BY bill_id
) AS lines ON lines.bill_id = bill.id
CROSS JOIN LATERAL (
    VALUES
        ('total', coalesce(lines.amount_fen, 0), bill.total_fen),
        ('paid', coalesce(lines.paid_fen, 0), bill.paid_fen)
) AS part (what, summed_fen, stated_fen)
WHERE part.summed_fen <> part.stated_fen
