SELECT count(*), coalesce(sum(total_fen), 0)
FROM billing_bill
WHERE month = %(month)s AND mod(account_id, %(shards)s) = %(shard)s
