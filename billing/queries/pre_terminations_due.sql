-- What has been in debt stop for 90 days or more, by the day, with the accounts that keep it (CRD-4).
SELECT subscription.id, stop.account_id
FROM customers_subscription subscription
LEFT JOIN billing_debtstop stop
    ON stop.subscription_id = subscription.id AND stop.lifted_at IS NULL
WHERE subscription.state = 'suspended' AND subscription.stop_reason = 'debt'
    AND subscription.suspended_at < %(stopped_before)s
    AND (%(subscriptions)s::bigint[] IS NULL OR subscription.id = ANY(%(subscriptions)s::bigint[]))
ORDER BY subscription.id, stop.account_id
