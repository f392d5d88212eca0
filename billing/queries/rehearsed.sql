-- What to look at in a month's bills, as counts: negative, zero, gone since last month, usage that
-- no bill took up (records). Accounts that were set aside are counted elsewhere.
SELECT
    (SELECT count(*) FROM billing_bill WHERE month = %(month)s AND total_fen < 0),
    (SELECT count(*) FROM billing_bill WHERE month = %(month)s AND total_fen = 0),
    (
        SELECT count(*) FROM billing_bill before
        WHERE before.month = %(month_before)s AND before.account_id <> ALL (%(parked)s)
            AND NOT EXISTS (
                SELECT FROM billing_bill bill
                WHERE bill.month = %(month)s AND bill.account_id = before.account_id
            )
    ),
    (
        SELECT coalesce(sum(used.records), 0)
        FROM (
            SELECT subscription_id, count(*) AS records
            FROM billing_record
            WHERE billed_month = %(month)s AND month BETWEEN %(month_before)s AND %(month)s
                AND (amount_hao <> 0 OR info_fee_hao <> 0)
            GROUP BY subscription_id
            HAVING sum(amount_hao + info_fee_hao) >= 50  -- less rounds to no line at all
        ) AS used
        WHERE NOT EXISTS (
            SELECT FROM billing_billline line
            JOIN billing_bill bill ON bill.id = line.bill_id
            WHERE bill.month = %(month)s AND line.subscription_id = used.subscription_id
                AND line.usage_hao IS NOT NULL
        )
        AND NOT EXISTS (
            SELECT FROM billing_payrelation paying
            WHERE paying.subscription_id = used.subscription_id
                AND paying.account_id = ANY (%(parked)s)
        )
    )
