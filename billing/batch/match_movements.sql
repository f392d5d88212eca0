-- Whose money it is: by the collecting number, by the account's code in the remark, by the payer's
-- name where exactly one account of that name owes exactly this amount. The first that says it.
WITH given AS (
    SELECT *
    FROM unnest(
        %(lines)s::bigint[], %(virtuals)s::bigint[], %(codes)s::text[], %(names)s::text[],
        %(amounts)s::bigint[]
    ) AS line (line_id, virtual_id, code, name, amount_fen)
), owing AS (
    SELECT owner.name, bill.account_id, sum(bill.total_fen - bill.paid_fen)::bigint AS due_fen
    FROM customers_customer owner
    JOIN billing_account account ON account.owner_id = owner.id
    JOIN billing_bill bill ON bill.account_id = account.id AND bill.paid_fen < bill.total_fen
    WHERE owner.name = ANY (%(names)s::text[]) AND owner.name <> ''
    GROUP BY owner.name, bill.account_id
), of_name AS (
    SELECT given.line_id, min(owing.account_id) AS account_id
    FROM given
    JOIN owing ON owing.name = given.name AND owing.due_fen = given.amount_fen
    GROUP BY given.line_id
    HAVING count(*) = 1
)
SELECT given.line_id, coalesce(of_virtual.id, of_code.id, of_name.account_id),
    CASE
        WHEN of_virtual.id IS NOT NULL THEN 'virtual'
        WHEN of_code.id IS NOT NULL THEN 'remark'
        ELSE 'name'
    END
FROM given
LEFT JOIN billing_account of_virtual ON of_virtual.id = given.virtual_id
LEFT JOIN billing_account of_code ON of_code.code = given.code
LEFT JOIN of_name ON of_name.line_id = given.line_id
WHERE coalesce(of_virtual.id, of_code.id, of_name.account_id) IS NOT NULL
ORDER BY given.line_id
