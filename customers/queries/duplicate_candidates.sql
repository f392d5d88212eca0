-- Pairs of customers that share a main document's number, or a main contact's phone.
-- Each is paired with the oldest that shares it, so that a shared number gives few pairs, not all
-- of them; a phone that very many share is an agent's and says nothing.
WITH living AS (
    SELECT id, kind FROM customers_customer WHERE merged_into_id IS NULL AND erased_at IS NULL
),
by_document AS (
    SELECT min(d.customer_id) OVER (PARTITION BY d.number_index) AS first, d.customer_id AS second
    FROM customers_document d
    JOIN living ON living.id = d.customer_id
    WHERE d.number_index <> ''
),
phones AS (
    SELECT c.customer_id, living.kind, regexp_replace(c.phone, '[^0-9]', '', 'g') AS phone
    FROM customers_contact c
    JOIN living ON living.id = c.customer_id
    WHERE c.main AND c.phone <> ''
),
by_phone AS (
    SELECT a.customer_id AS first, b.customer_id AS second
    FROM phones a
    JOIN phones b ON b.phone = a.phone AND b.kind = a.kind AND b.customer_id > a.customer_id
    WHERE a.phone IN (SELECT phone FROM phones GROUP BY phone HAVING count(*) BETWEEN 2 AND %(most)s)
)
SELECT first, second, bool_or(same_document), bool_or(same_phone)
FROM (
    SELECT first, second, true AS same_document, false AS same_phone FROM by_document
    WHERE first < second
    UNION ALL
    SELECT first, second, false, true FROM by_phone
) AS found
GROUP BY first, second
ORDER BY first, second
