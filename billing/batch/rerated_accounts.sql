-- Who pays, or may have paid, for these subscribers and their bundles.
SELECT account_id
FROM billing_payrelation
JOIN rerated_scope USING (subscription_id)
UNION
SELECT paying.account_id
FROM packages_wo_membership membership
JOIN rerated_scope USING (subscription_id)
JOIN billing_bundleaccount paying ON paying.bundle_id = membership.bundle_id
