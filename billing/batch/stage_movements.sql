-- The movements of a statement; one whose reference the bank has used before is left out. In the
-- order of the references: two files that hold the same ones wait for each other, never in a ring.
INSERT INTO billing_statementline (
    file_id, line_no, bank, reference, booked_on, amount_fen, payer_name, payer_number,
    payer_index, virtual_number, remark, state, matched_by
)
SELECT %(file)s, line_no, %(bank)s, reference, booked_on, amount_fen, payer_name, payer_number,
    payer_index, virtual_number, remark, state, ''
FROM unnest(
    %(line_nos)s::bigint[], %(references)s::text[], %(days)s::date[], %(amounts)s::bigint[],
    %(names)s::text[], %(numbers)s::text[], %(indexes)s::text[], %(virtuals)s::text[],
    %(remarks)s::text[], %(states)s::text[]
) AS given (
    line_no, reference, booked_on, amount_fen, payer_name, payer_number, payer_index,
    virtual_number, remark, state
)
ORDER BY reference, line_no
ON CONFLICT (bank, reference) DO NOTHING
RETURNING line_no
