-- The pool of the month of every bundle in force on its 1st (RAT-2, RAT-3: whole, nothing carried
-- over). One that is there stays as it is, so that this may run again; one runs at a time.
INSERT INTO packages_wo_pool (bundle_id, month, minutes, vpn_minutes, used, vpn_used)
SELECT bundle_id, %(first_day)s, minutes, vpn_minutes, 0, 0
FROM packages_wo_bundleterm term
WHERE valid_from <= %(first_day)s
  AND (valid_until IS NULL OR valid_until > %(first_day)s)
  AND NOT EXISTS (
    SELECT FROM packages_wo_pool pool
    WHERE pool.bundle_id = term.bundle_id AND pool.month = %(first_day)s
  )
ORDER BY bundle_id
