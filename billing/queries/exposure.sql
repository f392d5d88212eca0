-- What each account stands for right now: usage not billed yet, one-off charges not billed yet, unpaid
-- bills, less what its ledgers hold; against its own limit, else the highest of its owner's classes,
-- else everybody else's. Units: fen. The bill itself rounds by line, so this may differ by a few fen.
WITH chosen AS (
    SELECT account.id, account.owner_id
    FROM billing_account account
    WHERE (account.kind = 'unified' OR account.current)
        AND (%(accounts)s::bigint[] IS NULL OR account.id = ANY(%(accounts)s::bigint[]))
), own_limit AS (
    SELECT account_id, limit_fen
    FROM billing_creditlimit
    WHERE valid_from <= %(at)s AND (valid_until IS NULL OR valid_until > %(at)s)
), class_limit AS (
    SELECT member.customer_id, max(class_limit.limit_fen) AS limit_fen
    FROM billing_classlimit class_limit
    JOIN customers_classmembership member
        ON member.customer_class_id = class_limit.customer_class_id
        AND member.valid_from <= %(at)s
        AND (member.valid_until IS NULL OR member.valid_until > %(at)s)
    GROUP BY member.customer_id
), other_limit AS (
    SELECT limit_fen FROM billing_classlimit WHERE customer_class_id IS NULL
), payer AS (
    SELECT relation.subscription_id, relation.account_id
    FROM billing_payrelation relation
    JOIN chosen ON chosen.id = relation.account_id
    WHERE relation.valid_from <= %(at)s
        AND (relation.valid_until IS NULL OR relation.valid_until > %(at)s)
), used AS (
    SELECT payer.account_id, round(sum(rated.amount_hao + rated.info_fee_hao) / 100.0) AS fen
    FROM billing_record rated
    JOIN payer USING (subscription_id)
    WHERE rated.month >= %(since)s
        AND rated.billed_month NOT IN (SELECT month FROM billing_closedmonth)
    GROUP BY payer.account_id
), charged AS (
    SELECT coalesce(charge.account_id, payer.account_id) AS account_id, sum(charge.amount_fen) AS fen
    FROM billing_charge charge
    LEFT JOIN payer ON payer.subscription_id = charge.subscription_id
    WHERE charge.month >= %(since)s AND charge.month NOT IN (SELECT month FROM billing_closedmonth)
    GROUP BY 1
), owed AS (
    SELECT bill.account_id, sum(bill.total_fen - bill.paid_fen) AS fen
    FROM billing_bill bill
    JOIN chosen ON chosen.id = bill.account_id
    WHERE bill.paid_fen < bill.total_fen
    GROUP BY bill.account_id
), held AS (
    SELECT ledger.account_id, sum(ledger.cash_fen + ledger.gift_fen) AS fen
    FROM billing_ledger ledger
    JOIN chosen ON chosen.id = ledger.account_id
    WHERE ledger.closed_at IS NULL
        AND (ledger.expires_on IS NULL OR ledger.expires_on >= %(on)s)
    GROUP BY ledger.account_id
)
SELECT chosen.id AS account_id,
    coalesce(own_limit.limit_fen, class_limit.limit_fen, other_limit.limit_fen) AS limit_fen,
    own_limit.limit_fen IS NOT NULL AS limit_is_own,
    coalesce(used.fen, 0)::bigint AS usage_fen,
    coalesce(charged.fen, 0)::bigint AS charges_fen,
    coalesce(owed.fen, 0)::bigint AS due_fen,
    coalesce(held.fen, 0)::bigint AS balance_fen
FROM chosen
LEFT JOIN own_limit ON own_limit.account_id = chosen.id
LEFT JOIN class_limit ON class_limit.customer_id = chosen.owner_id
LEFT JOIN other_limit ON true
LEFT JOIN used ON used.account_id = chosen.id
LEFT JOIN charged ON charged.account_id = chosen.id
LEFT JOIN owed ON owed.account_id = chosen.id
LEFT JOIN held ON held.account_id = chosen.id
WHERE coalesce(own_limit.limit_fen, class_limit.limit_fen, other_limit.limit_fen) IS NOT NULL
