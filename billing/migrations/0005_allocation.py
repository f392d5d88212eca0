"""Which ledger pays which bill line (ACC-3), for one account or for all of a close."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_unpaid_lines(accounts bigint[])
RETURNS TABLE (
    account_id bigint, bill_id bigint, line_id bigint, subscription_id bigint, item text,
    due_fen bigint, place bigint
) LANGUAGE sql STABLE AS $$
    SELECT bill.account_id, bill.id, line.id, line.subscription_id, line.item,
        line.amount_fen - line.paid_fen,
        row_number() OVER (
            PARTITION BY bill.account_id ORDER BY bill.month NULLS FIRST, bill.id, line.position
        )
    FROM unnest(accounts) AS wanted (id)
    JOIN billing_bill bill ON bill.account_id = wanted.id AND bill.paid_fen < bill.total_fen
    JOIN billing_billline line ON line.bill_id = bill.id AND line.paid_fen < line.amount_fen
$$;

-- Ledgers with money that may pay on a day, in the order of ACC-3: narrowest scope, earliest
-- expiry, oldest; the public one last.
CREATE FUNCTION billing_paying_ledgers(accounts bigint[], on_day date)
RETURNS TABLE (
    account_id bigint, ledger_id bigint, special boolean, gift_fen bigint, cash_fen bigint,
    scope_subscriptions bigint[], scope_services text[], scope_items text[], rank bigint
) LANGUAGE sql STABLE AS $$
    SELECT ledger.account_id, ledger.id, ledger.kind = 'special', ledger.gift_fen, ledger.cash_fen,
        ledger.scope_subscriptions, ledger.scope_services::text[], ledger.scope_items::text[],
        row_number() OVER (
            PARTITION BY ledger.account_id
            ORDER BY ledger.kind = 'public', ledger.scope_keys DESC,
                ledger.expires_on NULLS LAST, ledger.opened_at, ledger.id
        )
    FROM unnest(accounts) AS wanted (id)
    JOIN billing_ledger ledger ON ledger.account_id = wanted.id
    WHERE ledger.gift_fen + ledger.cash_fen > 0
        AND (ledger.expires_on IS NULL OR ledger.expires_on >= on_day)
$$;

-- What each ledger pays of each line. Accounts whose public ledger alone has money are one window
-- sum; of the others, lines and ledgers depend on each other and are walked in order.
CREATE FUNCTION billing_allocate(accounts bigint[], on_day date)
RETURNS TABLE (
    account_id bigint, bill_id bigint, line_id bigint, ledger_id bigint, money text,
    amount_fen bigint, place bigint
) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    simple bigint[];
    mixed bigint[];
    pair record;
    current_account bigint;
    current_line bigint;
    due bigint;
    gifts bigint[];
    cashes bigint[];
    taken bigint;
BEGIN
    SELECT coalesce(array_agg(found.account_id) FILTER (WHERE NOT found.special), '{}'),
        coalesce(array_agg(found.account_id) FILTER (WHERE found.special), '{}')
    INTO simple, mixed
    FROM (
        SELECT ledger.account_id, bool_or(ledger.special) AS special
        FROM billing_paying_ledgers(accounts, on_day) ledger
        GROUP BY ledger.account_id
    ) AS found;

    RETURN QUERY
    WITH lines AS (
        SELECT line.*, ledger.ledger_id, ledger.gift_fen, ledger.cash_fen,
            sum(line.due_fen) OVER (PARTITION BY line.account_id ORDER BY line.place)
                - line.due_fen AS before_fen
        FROM billing_unpaid_lines(simple) line
        JOIN billing_paying_ledgers(simple, on_day) ledger USING (account_id)
    ), shares AS (
        SELECT lines.*,
            greatest(0, least(due_fen, gift_fen - before_fen))::bigint AS of_gift,
            greatest(0, least(due_fen, gift_fen + cash_fen - before_fen))::bigint AS of_both
        FROM lines
    )
    SELECT shares.account_id, shares.bill_id, shares.line_id, shares.ledger_id, part.money,
        part.amount_fen, shares.place
    FROM shares
    CROSS JOIN LATERAL (VALUES ('gift', of_gift), ('cash', of_both - of_gift))
        AS part (money, amount_fen)
    WHERE part.amount_fen > 0;

    FOR pair IN
        SELECT line.account_id, line.bill_id, line.line_id, line.due_fen, line.place,
            ledger.ledger_id, ledger.gift_fen, ledger.cash_fen, ledger.rank
        FROM billing_unpaid_lines(mixed) line
        LEFT JOIN customers_subscription subscription ON subscription.id = line.subscription_id
        JOIN billing_paying_ledgers(mixed, on_day) ledger
            ON ledger.account_id = line.account_id
            AND (ledger.scope_subscriptions IS NULL
                OR line.subscription_id = ANY (ledger.scope_subscriptions))
            AND (ledger.scope_services IS NULL
                OR subscription.service = ANY (ledger.scope_services))
            AND (ledger.scope_items IS NULL OR line.item = ANY (ledger.scope_items))
        ORDER BY line.account_id, line.place, ledger.rank
    LOOP
        IF pair.account_id IS DISTINCT FROM current_account THEN
            current_account := pair.account_id;
            gifts := '{}';
            cashes := '{}';
        END IF;
        IF pair.line_id IS DISTINCT FROM current_line THEN
            current_line := pair.line_id;
            due := pair.due_fen;
        END IF;
        CONTINUE WHEN due = 0;
        IF gifts[pair.rank] IS NULL THEN
            gifts[pair.rank] := pair.gift_fen;
            cashes[pair.rank] := pair.cash_fen;
        END IF;
        account_id := pair.account_id;
        bill_id := pair.bill_id;
        line_id := pair.line_id;
        ledger_id := pair.ledger_id;
        place := pair.place;
        taken := least(due, gifts[pair.rank]);
        IF taken > 0 THEN
            due := due - taken;
            gifts[pair.rank] := gifts[pair.rank] - taken;
            money := 'gift';
            amount_fen := taken;
            RETURN NEXT;
        END IF;
        taken := least(due, cashes[pair.rank]);
        IF taken > 0 THEN
            due := due - taken;
            cashes[pair.rank] := cashes[pair.rank] - taken;
            money := 'cash';
            amount_fen := taken;
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
"""

BACKWARD = """
DROP FUNCTION billing_allocate(bigint[], date);
DROP FUNCTION billing_paying_ledgers(bigint[], date);
DROP FUNCTION billing_unpaid_lines(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_journals_only_grow"), ("customers", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
