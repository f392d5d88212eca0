-- Which step is to be told of which unpaid bill today: of each bill the step that was due last, unless
-- it was told, is older than a week, or what it announces has come to pass.
WITH red AS (
    SELECT customer.id
    FROM customers_customer customer
    WHERE customer.listed = 'red' AND NOT EXISTS (
        SELECT FROM customers_listing listing
        WHERE listing.customer_id = customer.id AND listing.valid_until IS NULL
            AND listing.expires_on < %(on)s
    )
), unpaid AS (
    -- The first day on which both conditions of CRD-1 hold.
    SELECT bill.id AS bill_id, bill.account_id, bill.due_on, bill.total_fen - bill.paid_fen AS due_fen,
        greatest(
            bill.due_on + 31, (date_trunc('month', bill.due_on + 1) + interval '1 month')::date
        ) AS stops_on
    FROM billing_bill bill
    JOIN billing_account account ON account.id = bill.account_id
    WHERE bill.paid_fen < bill.total_fen AND account.owner_id NOT IN (SELECT id FROM red)
        AND (account.kind = 'unified' OR account.current)
        AND (%(accounts)s::bigint[] IS NULL OR account.id = ANY(%(accounts)s::bigint[]))
), stopped AS (
    -- Since when an account's debt keeps anything stopped; 90 days later it is pre-terminated (CRD-4).
    SELECT stop.account_id,
        min((subscription.suspended_at AT TIME ZONE 'Asia/Shanghai')::date) + %(stop_days)s AS ends_on
    FROM billing_debtstop stop
    JOIN customers_subscription subscription ON subscription.id = stop.subscription_id
    WHERE stop.lifted_at IS NULL AND subscription.state = 'suspended'
        AND subscription.stop_reason = 'debt'
    GROUP BY stop.account_id
), planned AS (
    SELECT unpaid.bill_id, unpaid.account_id, unpaid.due_fen, step.id AS step_id, step.anchor,
        step.days, unpaid.due_on, unpaid.stops_on, stopped.ends_on,
        CASE step.anchor
            WHEN 'due' THEN unpaid.due_on
            WHEN 'stop' THEN unpaid.stops_on
            ELSE stopped.ends_on
        END + step.days AS planned_on,
        CASE step.anchor
            WHEN 'due' THEN unpaid.due_on
            WHEN 'stop' THEN unpaid.stops_on
            ELSE stopped.ends_on
        END AS acts_on
    FROM unpaid
    LEFT JOIN stopped ON stopped.account_id = unpaid.account_id
    JOIN billing_reminderstep step ON step.active AND (
        step.anchor = 'due'
        OR step.anchor = 'stop' AND unpaid.account_id <> ALL(%(spared)s::bigint[])
        OR step.anchor = 'pre_termination' AND stopped.ends_on IS NOT NULL
            AND unpaid.due_on < %(on)s
    )
), latest AS (
    SELECT DISTINCT ON (bill_id) *
    FROM planned
    WHERE planned_on <= %(on)s
    ORDER BY bill_id, planned_on DESC, step_id DESC
)
SELECT latest.account_id, latest.step_id, latest.planned_on, latest.acts_on, latest.bill_id,
    latest.due_fen
FROM latest
WHERE latest.planned_on > %(on)s - 7
    AND CASE
        WHEN latest.anchor = 'due' AND latest.days <= 0 THEN latest.acts_on >= %(on)s
        WHEN latest.anchor = 'due' THEN latest.stops_on > %(on)s
        ELSE latest.acts_on > %(on)s
    END
    AND NOT EXISTS (
        SELECT FROM billing_reminderbill told
        WHERE told.bill_id = latest.bill_id AND told.step_id = latest.step_id
    )
ORDER BY latest.account_id, latest.step_id, latest.bill_id
