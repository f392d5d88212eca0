-- What is paid of a bill line is what its entries took for it, in gift money and in all.
SELECT 'bill:' || line.bill_id AS subject,
    account.code || '/' || coalesce(to_char(bill.month, 'YYYY-MM'), 'opening') || ' ' || line.item
        AS name,
    part.what AS part, part.posted_fen AS expected_fen, part.stated_fen AS found_fen
FROM billing_billline line
JOIN billing_bill bill ON bill.id = line.bill_id
JOIN billing_account account ON account.id = bill.account_id
LEFT JOIN (
    SELECT bill_line_id, -sum(amount_fen)::bigint AS paid_fen,
        coalesce(-sum(amount_fen) FILTER (WHERE money = 'gift'), 0)::bigint AS gift_fen
    FROM billing_entry
    WHERE bill_line_id IS NOT NULL
    GROUP BY bill_line_id
) AS posted ON posted.bill_line_id = line.id
CROSS JOIN LATERAL (
    VALUES
        ('paid', coalesce(posted.paid_fen, 0), line.paid_fen),
        ('gift', coalesce(posted.gift_fen, 0), line.paid_gift_fen)
) AS part (what, posted_fen, stated_fen)
WHERE part.posted_fen <> part.stated_fen
