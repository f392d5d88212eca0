-- What is charged to accounts that are not billed this time goes no further.
DELETE FROM close_charge
WHERE account_id = ANY (%(aside)s)
    OR NOT (%(only)s::bigint[] IS NULL OR account_id = ANY (%(only)s));
DELETE FROM close_part
WHERE account_id = ANY (%(aside)s)
    OR NOT (%(only)s::bigint[] IS NULL OR account_id = ANY (%(only)s));
