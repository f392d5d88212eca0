SELECT count(*), coalesce(sum(total_fen), 0), encode(sha256(convert_to(
    coalesce(string_agg(account_id || ':' || total_fen, ',' ORDER BY account_id), ''), 'UTF8'
)), 'hex')
FROM billing_bill
WHERE month = %(month)s AND mod(account_id, %(shards)s) = %(shard)s
