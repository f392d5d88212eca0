-- What each answered line is about, and why it is not taken where it is not.
WITH given AS (
    SELECT *
    FROM unnest(
        %(line_nos)s::bigint[], %(positions)s::bigint[], %(amounts)s::bigint[],
        %(references)s::text[]
    ) AS answer (line_no, position, amount_fen, reference)
)
SELECT given.line_no, line.id, line.account_id,
    CASE
        WHEN line.id IS NULL THEN 'unknown_line'
        WHEN line.answered_in_id = %(file)s THEN 'done'
        WHEN line.state IN ('settled', 'refused') THEN 'answered'
        WHEN line.amount_fen <> given.amount_fen THEN 'other_amount'
        WHEN EXISTS (
            SELECT FROM billing_debitline other
            JOIN billing_debitbatch batch ON batch.id = other.batch_id
            WHERE other.reference = given.reference AND other.reference <> ''
                AND batch.bank = %(bank)s
        ) THEN 'duplicate'
        ELSE ''
    END
FROM given
LEFT JOIN billing_debitline line
    ON line.batch_id = %(batch)s AND line.position = given.position
ORDER BY given.line_no
