-- A batch of what the accounts with a mandate at this bank owe; nobody is drawn twice at a time.
WITH owing AS (
    SELECT account_id, sum(total_fen - paid_fen)::bigint AS due_fen
    FROM billing_bill
    WHERE paid_fen < total_fen
    GROUP BY account_id
), drawn AS MATERIALIZED (
    SELECT mandate.id AS mandate_id, mandate.account_id,
        least(owing.due_fen, mandate.limit_fen) AS amount_fen,
        row_number() OVER (ORDER BY mandate.account_id) AS position
    FROM billing_bankmandate mandate
    JOIN owing USING (account_id)
    WHERE mandate.bank = %(bank)s AND mandate.ended_at IS NULL
        AND mandate.valid_from <= %(on)s
        AND (mandate.valid_until IS NULL OR mandate.valid_until > %(on)s)
        AND mandate.number <> ''
        AND NOT EXISTS (
            SELECT FROM billing_debitline line
            WHERE line.account_id = mandate.account_id AND line.state = 'waiting'
        )
), last AS (
    SELECT coalesce(max(sequence), 0) + 1 AS sequence FROM billing_debitbatch WHERE bank = %(bank)s
), batch AS (
    INSERT INTO billing_debitbatch (
        code, bank, sequence, state, lines_count, total_fen, sha256, drawn_up_at, drawn_up_by_id
    )
    SELECT %(bank)s || to_char(%(on)s::date, 'YYMMDD') || lpad(last.sequence::text, 6, '0'),
        %(bank)s, last.sequence, 'drawn_up', whole.lines, whole.total_fen, '', %(at)s, %(by)s
    FROM last
    CROSS JOIN (SELECT count(*) AS lines, sum(amount_fen) AS total_fen FROM drawn) AS whole
    WHERE whole.lines > 0
    RETURNING id
), lines AS (
    INSERT INTO billing_debitline (
        batch_id, position, mandate_id, account_id, amount_fen, state, reason, reference
    )
    SELECT batch.id, drawn.position, drawn.mandate_id, drawn.account_id, drawn.amount_fen,
        'waiting', '', ''
    FROM drawn
    CROSS JOIN batch
)
SELECT id FROM batch
