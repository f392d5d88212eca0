"""The one rounding of ``bss.kernel.units``, for set-based work (GEN-3)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_half_up(numerator bigint, denominator bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN numerator < 0
        THEN -((2 * -numerator + denominator) / (2 * denominator))
        ELSE (2 * numerator + denominator) / (2 * denominator)
    END
$$;
"""

BACKWARD = "DROP FUNCTION billing_half_up(bigint, bigint);"


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_allocation")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
