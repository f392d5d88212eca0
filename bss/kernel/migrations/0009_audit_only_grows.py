"""Audit entries are insert-only and digested as they are written; those there already join the chain.

Entries written before this migration have no digest: each gets its digest now, and one entry says how
many they were. From here on they are as fixed as any other. Source: docs/adr, "the audit is sealed".
"""

import hashlib
import hmac

from django.conf import settings
from django.db import migrations

# The same words as bss.kernel.audit.digest.CANONICAL; a test holds them together.
CANONICAL = """jsonb_build_array(
    {e}.id, {e}.kind, (extract(epoch FROM {e}.at) * 1000000)::bigint,
    (extract(epoch FROM {e}.recorded_at) * 1000000)::bigint, {e}.staff_id, {e}.action,
    {e}.subject, {e}.customer_id, {e}.reason, {e}.source, {e}.address, {e}.session,
    {e}.interface, {e}.detail
)::text"""

FORWARD = f"""
CREATE FUNCTION kernel_audit_entry_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    inner_pad bytea := decode(coalesce(current_setting('bss.audit_inner', true), ''), 'hex');
    outer_pad bytea := decode(coalesce(current_setting('bss.audit_outer', true), ''), 'hex');
BEGIN
    -- HMAC-SHA-256. Without the key there is no digest, and the verification names the row.
    IF length(inner_pad) = 64 AND length(outer_pad) = 64 THEN
        NEW.digest := sha256(outer_pad || sha256(inner_pad || convert_to(
            {CANONICAL.format(e="NEW")}, 'UTF8'
        )));
    ELSE
        NEW.digest := ''::bytea;
    END IF;
    INSERT INTO kernel_auditwaiting (entry_id) VALUES (NEW.id);
    RETURN NEW;
END $$;

CREATE FUNCTION kernel_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('bss.throw_away_database', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% only grows: an audit record is never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER kernel_audit_entry_written BEFORE INSERT ON kernel_auditentry
    FOR EACH ROW EXECUTE FUNCTION kernel_audit_entry_written();
CREATE TRIGGER kernel_audit_entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE
    ON kernel_auditentry FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_only_grows();
CREATE TRIGGER kernel_audit_link_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE
    ON kernel_auditlink FOR EACH STATEMENT EXECUTE FUNCTION kernel_audit_only_grows();
"""

BACKWARD = """
DROP TRIGGER kernel_audit_link_only_grows ON kernel_auditlink;
DROP TRIGGER kernel_audit_entry_only_grows ON kernel_auditentry;
DROP TRIGGER kernel_audit_entry_written ON kernel_auditentry;
DROP FUNCTION kernel_audit_only_grows();
DROP FUNCTION kernel_audit_entry_written();
"""


def digest_what_is_there(apps, schema_editor):
    """Give the entries of before their digest and let them wait for the sealer."""
    key = hashlib.sha256(b"audit:" + settings.AUDIT_KEY.encode()).digest()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT e.id, {CANONICAL.format(e='e')} FROM kernel_auditentry e")
        digests = [
            (entry_id, hmac.digest(key, canonical.encode(), "sha256"))
            for entry_id, canonical in cursor.fetchall()
        ]
        if not digests:
            return
        cursor.execute(
            "UPDATE kernel_auditentry e SET digest = d.digest"
            " FROM unnest(%s::bigint[], %s::bytea[]) AS d(id, digest) WHERE e.id = d.id",
            [[entry_id for entry_id, _ in digests], [digest for _, digest in digests]],
        )
        cursor.execute("INSERT INTO kernel_auditwaiting SELECT id FROM kernel_auditentry")


def say_how_many_they_were(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO kernel_auditentry (kind, at, recorded_at, action, subject, reason, source,
                address, session, interface, detail, digest)
            SELECT 'act', now(), now(), 'audit.begin', 'audit:1', '', 'migration', '', '', '',
                jsonb_build_object('entries_before', count(*), 'last_before', max(id)), ''
            FROM kernel_auditentry HAVING count(*) > 0
            """
        )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0008_tell_one_person")]

    operations = [
        migrations.RunPython(digest_what_is_there, migrations.RunPython.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(say_how_many_they_were, migrations.RunPython.noop),
    ]
