-- Who pays, or may have paid, for these subscribers and their bundles.
SELECT account_id FROM billing_payrelation WHERE subscription_id = ANY (%(subscriptions)s)
UNION
SELECT paying.account_id
FROM packages_wo_membership membership
JOIN billing_bundleaccount paying ON paying.bundle_id = membership.bundle_id
WHERE membership.subscription_id = ANY (%(subscriptions)s)
