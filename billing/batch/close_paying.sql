-- Whose new bill is written as paid, and by which ledger: accounts whose public ledger alone has money
-- and that owe nothing from before, so that ACC-3 is gift before cash, line after line. Bills with
-- credits are netted first; they and all others are paid by pay_bills.
ANALYZE close_charge;
CREATE TEMP TABLE close_paying ON COMMIT DROP AS
SELECT ledger.account_id, min(ledger.id) AS ledger_id, min(ledger.gift_fen) AS gift_fen,
    min(ledger.cash_fen) AS cash_fen
FROM billing_ledger ledger
WHERE ledger.account_id = ANY (%(held)s)
    AND ledger.gift_fen + ledger.cash_fen > 0
    AND (ledger.expires_on IS NULL OR ledger.expires_on >= %(on)s)
    AND NOT EXISTS (
        SELECT FROM billing_bill bill
        WHERE bill.account_id = ledger.account_id AND bill.paid_fen < bill.total_fen
    )
    AND ledger.account_id NOT IN (SELECT account_id FROM close_charge WHERE amount_hao < 0)
GROUP BY ledger.account_id
HAVING bool_and(ledger.kind = 'public');
ANALYZE close_paying;
