SELECT count(*), coalesce(sum(total_fen), 0), encode(sha256(convert_to(
    coalesce(string_agg(account_id || ':' || total_fen, ',' ORDER BY account_id), ''), 'UTF8'
)), 'hex')
FROM billing_bill
JOIN close_billed USING (account_id)
WHERE month = %(month)s
