"""What the triggers of watched tables call: one entry per changed row, its changed columns alone."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kernel_business_moment() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        nullif(current_setting('bss.business_time', true), '')::timestamp
            AT TIME ZONE 'Asia/Shanghai',
        clock_timestamp() + coalesce((SELECT ahead FROM kernel_businessclock LIMIT 1), '0')
    )
$$;

CREATE FUNCTION kernel_audit_masked(said jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN jsonb_typeof(said) <> 'string' OR said = '""' THEN said
        WHEN length(said #>> '{}') <= 4 THEN to_jsonb(left(said #>> '{}', 1) || '**')
        ELSE to_jsonb(left(said #>> '{}', 3) || '****' || right(said #>> '{}', 2))
    END
$$;

-- The columns of ``one`` that ``other`` does not have alike. Hidden: "•••", masked: as masked.
CREATE FUNCTION kernel_audit_differing(
    one jsonb, other jsonb, hidden text[], masked text[], silent text[]
) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE
        WHEN value IN ('null', '""') THEN value
        WHEN key = ANY (hidden) THEN '"•••"'
        WHEN key = ANY (masked) THEN kernel_audit_masked(value)
        ELSE value
    END), '{}')
    FROM jsonb_each(one)
    WHERE key <> ALL (silent) AND value IS DISTINCT FROM other -> key
$$;

CREATE FUNCTION kernel_audit_change(
    about text, op text, row_key text, customer bigint, was jsonb, becomes jsonb,
    hidden text[], masked text[], silent text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before jsonb;
    after jsonb;
    acting jsonb;
BEGIN
    IF was = becomes THEN
        RETURN;
    END IF;
    before := kernel_audit_differing(was, becomes, hidden, masked, silent);
    after := kernel_audit_differing(becomes, was, hidden, masked, silent);
    IF op = 'UPDATE' AND before = '{}' AND after = '{}' THEN
        RETURN;
    END IF;
    acting := coalesce(nullif(current_setting('bss.acting', true), ''), '{}')::jsonb;
    INSERT INTO kernel_auditentry (
        kind, at, recorded_at, staff_id, action, subject, customer_id, reason, source, address,
        session, interface, detail, digest
    ) VALUES (
        'change', kernel_business_moment(), clock_timestamp(), (acting ->> 'staff')::bigint,
        about || '.' || lower(op), about || ':' || row_key, customer,
        coalesce(acting ->> 'reason', ''), coalesce(acting ->> 'source', ''),
        coalesce(acting ->> 'address', ''), coalesce(acting ->> 'session', ''),
        coalesce(acting ->> 'interface', ''),
        CASE WHEN op = 'INSERT' THEN '{}' ELSE jsonb_build_object('before', before) END
            || CASE WHEN op = 'DELETE' THEN '{}' ELSE jsonb_build_object('after', after) END,
        ''
    );
END $$;
"""

BACKWARD = """
DROP FUNCTION kernel_audit_change(text, text, text, bigint, jsonb, jsonb, text[], text[], text[]);
DROP FUNCTION kernel_audit_differing(jsonb, jsonb, text[], text[], text[]);
DROP FUNCTION kernel_audit_masked(jsonb);
DROP FUNCTION kernel_business_moment();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0009_audit_only_grows")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
