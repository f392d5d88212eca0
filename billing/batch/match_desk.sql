-- Transfers that a desk has taken before the bank told of them. The movement of the same reference
-- and amount within seven days is that money, where there is one of each. What is only like it (the
-- reference with another amount, or several; the amount for the same account under another
-- reference) gives no desk_id: a person decides.
WITH given AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(lines)s::bigint[], %(accounts)s::bigint[], %(references)s::text[], %(amounts)s::bigint[],
        %(days)s::date[]
    ) AS line (line_id, account_id, reference, amount_fen, booked_on)
), taken AS MATERIALIZED (
    SELECT movement.id, movement.account_id, movement.amount_fen,
        upper(regexp_replace(normalize(movement.reference, NFKC), '[^0-9A-Za-z]', '', 'g'))
            AS reference,
        (movement.at AT TIME ZONE 'Asia/Shanghai')::date AS taken_on
    FROM billing_drawermovement movement
    WHERE movement.means = 'transfer' AND movement.amount_fen > 0
        AND movement.at >= %(since)s AND movement.at < %(until)s
        AND NOT EXISTS (SELECT FROM billing_statementline line WHERE line.desk_id = movement.id)
        AND NOT EXISTS (
            SELECT FROM billing_journal back WHERE back.reverses_id = movement.journal_id
        )
), alike AS MATERIALIZED (
    SELECT given.line_id, taken.id AS desk_id, taken.account_id,
        given.amount_fen = taken.amount_fen AS exact
    FROM given
    JOIN taken ON taken.reference = given.reference
    WHERE given.reference <> '' AND abs(given.booked_on - taken.taken_on) <= %(days_apart)s
    UNION ALL
    SELECT given.line_id, taken.id, taken.account_id, false
    FROM given
    JOIN taken ON taken.account_id = given.account_id AND taken.amount_fen = given.amount_fen
    WHERE taken.reference <> given.reference
        AND abs(given.booked_on - taken.taken_on) <= %(days_apart)s
), exact AS (
    SELECT line_id, desk_id, account_id,
        count(*) OVER (PARTITION BY line_id) = 1 AND count(*) OVER (PARTITION BY desk_id) = 1
            AS alone
    FROM alike
    WHERE exact
)
SELECT alike.line_id, min(exact.desk_id), min(exact.account_id)
FROM alike
LEFT JOIN exact ON exact.line_id = alike.line_id AND exact.alone
GROUP BY alike.line_id
