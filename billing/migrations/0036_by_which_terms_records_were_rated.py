"""By which terms records were rated, so that a close rates those anew whose terms changed since."""

from django.db import migrations

FORWARD = """
CREATE TABLE billing_record_terms (
    month     date NOT NULL,
    number    bigint GENERATED ALWAYS AS IDENTITY,
    at        timestamptz NOT NULL,
    is_anew   boolean NOT NULL,
    directory bigint,
    content   bytea NOT NULL,
    PRIMARY KEY (month, number)
);
ALTER TABLE billing_record_terms ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE billing_record_terms IS
    'by which terms a load, or a rating anew, rated the records of a month';
COMMENT ON COLUMN billing_record_terms.is_anew IS
    'all records of these subscriptions were rated: what was noted before is over';
COMMENT ON COLUMN billing_record_terms.directory IS
    'digest of who held which number before that moment; NULL: not all of it was read';
COMMENT ON COLUMN billing_record_terms.content IS
    'pairs of 64-bit numbers: a subscription, and the digest of its terms';
"""
BACK = "DROP TABLE billing_record_terms"


class Migration(migrations.Migration):
    dependencies = [("billing", "0035_a_load_brings_several_parts")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
