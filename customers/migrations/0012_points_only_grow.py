"""Points are insert-only, and each entry continues the one before it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION customers_points_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('bss.throw_away_database', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'points are never changed or deleted, only continued'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER customers_points_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE
    ON customers_pointsentry FOR EACH STATEMENT EXECUTE FUNCTION customers_points_only_grow();

CREATE FUNCTION customers_points_continue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_number bigint;
    last_balance bigint;
BEGIN
    SELECT number, balance INTO last_number, last_balance FROM customers_pointsentry
    WHERE customer_id = NEW.customer_id ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(last_number, 0) + 1
        OR NEW.balance <> coalesce(last_balance, 0) + NEW.points THEN
        RAISE EXCEPTION 'points of customer % do not continue the entry before', NEW.customer_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'points_continue';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER customers_points_continue BEFORE INSERT ON customers_pointsentry
    FOR EACH ROW EXECUTE FUNCTION customers_points_continue();
"""
BACK = """
DROP TRIGGER customers_points_continue ON customers_pointsentry;
DROP FUNCTION customers_points_continue();
DROP TRIGGER customers_points_only_grow ON customers_pointsentry;
DROP FUNCTION customers_points_only_grow();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_points")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
