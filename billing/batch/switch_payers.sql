-- Pay relations switch at one moment: each of these subscriptions is paid by its account from then.
-- An account of NULL is its own: after a transfer the new one from that moment on (ACC-8).
DROP TABLE IF EXISTS switch;
CREATE TEMP TABLE switch ON COMMIT DROP AS
SELECT wanted.subscription_id, coalesce(wanted.account_id, own.id) AS account_id,
    greatest(coalesce(own.valid_from, %(at)s), %(at)s) AS valid_from, own.valid_until
FROM unnest(%(subscriptions)s::bigint[], %(accounts)s::bigint[])
    AS wanted (subscription_id, account_id)
LEFT JOIN (
    SELECT id, subscription_id,
        CASE WHEN lag(id) OVER line IS NULL THEN '-infinity' ELSE opened_at END AS valid_from,
        lead(opened_at) OVER line AS valid_until
    FROM billing_account
    WHERE subscription_id = ANY (%(subscriptions)s::bigint[])
    WINDOW line AS (PARTITION BY subscription_id ORDER BY id)
) AS own ON wanted.account_id IS NULL AND own.subscription_id = wanted.subscription_id
WHERE own.valid_until IS NULL OR own.valid_until > %(at)s;

DELETE FROM billing_payrelation
WHERE subscription_id IN (SELECT subscription_id FROM switch) AND valid_from >= %(at)s;

UPDATE billing_payrelation SET valid_until = %(at)s
WHERE subscription_id IN (SELECT subscription_id FROM switch) AND valid_from < %(at)s
    AND (valid_until IS NULL OR valid_until > %(at)s);

INSERT INTO billing_payrelation (subscription_id, account_id, valid_from, valid_until)
SELECT subscription_id, account_id, valid_from, valid_until
FROM switch
WHERE valid_until IS NULL OR valid_until > valid_from
ORDER BY subscription_id, valid_from;
