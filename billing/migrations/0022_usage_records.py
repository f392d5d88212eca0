"""Usage and its rating as one row per record; what allowances gave so far; which ids are known.

No foreign keys: attaching partitions must not lock what others read. Indexes stand on the
partitions, since those of a large load are made after it.
"""

import django.db.models.deletion
from django.db import migrations, models

CREATE = """
CREATE SEQUENCE billing_record_part_seq AS integer;

CREATE TABLE billing_record (
    key             bigint NOT NULL,
    subscription_id bigint NOT NULL,
    bundle_id       bigint NOT NULL,
    end_at          timestamptz NOT NULL,
    quantity        bigint NOT NULL,
    vpn_before      bigint NOT NULL,
    draw_before     bigint NOT NULL,
    drawn_units     bigint NOT NULL,
    amount_hao      bigint NOT NULL,
    info_fee_hao    bigint NOT NULL,
    month           date NOT NULL,
    billed_month    date NOT NULL,
    part            integer NOT NULL,
    file_id         integer NOT NULL,
    line_no         integer NOT NULL,
    duration_s      integer NOT NULL,
    vpn_minutes     integer NOT NULL,
    rate_id         integer NOT NULL,
    area            integer NOT NULL,
    item            smallint NOT NULL,
    way             smallint NOT NULL,
    line            text NOT NULL
) PARTITION BY RANGE (month);
COMMENT ON TABLE billing_record IS
    '话单: each accepted record with what it drew and costs, by the month of its end';
COMMENT ON COLUMN billing_record.key IS '64-bit key of the record id (billing/batch/usage/words.py)';
COMMENT ON COLUMN billing_record.bundle_id IS '0 outside a bundle';
COMMENT ON COLUMN billing_record.part IS '0: small loads; else the part of one large load';
COMMENT ON COLUMN billing_record.line IS 'the line of the file, as it came';
COMMENT ON COLUMN billing_record.area IS 'home area of the caller: its digits after a 1';
COMMENT ON COLUMN billing_record.item IS 'place in billing.rules.house.ITEMS';
COMMENT ON COLUMN billing_record.way IS 'place in billing.rules.ways.Way';
COMMENT ON COLUMN billing_record.rate_id IS 'packages_wo_tariffrate that prices the rest; 0: none';

CREATE TABLE billing_drawn (
    month       date NOT NULL,
    owner_group bigint NOT NULL,
    last_end_at timestamptz NOT NULL,
    vpn_asked   bigint NOT NULL,
    vpn_drawn   bigint NOT NULL,
    asked       bigint NOT NULL,
    drawn       bigint NOT NULL,
    PRIMARY KEY (month, owner_group)
);
COMMENT ON TABLE billing_drawn IS
    'what was asked of, and drawn from, the allowances of a month, by whose they are';
COMMENT ON COLUMN billing_drawn.owner_group IS
    'owner id * 8 + kind (1 a bundle''s minutes, 2 a subscription''s minutes, 3 texts, 4 volume)';

CREATE TABLE billing_known_ids (
    file_id integer PRIMARY KEY,
    part    integer NOT NULL,
    months  date[] NOT NULL,
    bits    smallint NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE billing_known_ids ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE billing_known_ids IS
    'the keys of the record ids of each load: a filter of 2^bits bits, or with 0 the keys themselves';
"""

DROP = """
DROP TABLE billing_known_ids;
DROP TABLE billing_drawn;
DROP TABLE billing_record;
DROP SEQUENCE billing_record_part_seq;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0021_exposures'),
        ('kernel', '0014_a_key_belongs_to_its_caller'),
    ]

    operations = [
        migrations.AddField(
            model_name='usagefile',
            name='data_key',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.datakey'),
        ),
        migrations.AddField(
            model_name='usagefile',
            name='format',
            field=models.CharField(default='csv', max_length=10, verbose_name='格式'),
        ),
        migrations.AddField(
            model_name='usagefile',
            name='sequence',
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name='文件序号'),
        ),
        migrations.AddField(
            model_name='usagefile',
            name='state',
            field=models.CharField(choices=[('loading', '装载中'), ('done', '已装载')], default='done', max_length=7),
        ),
        migrations.AddField(
            model_name='usagefile',
            name='switch',
            field=models.CharField(blank=True, max_length=40, verbose_name='交换机'),
        ),
        migrations.AddField(
            model_name='usagereject',
            name='key',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='usagereject',
            name='sealed',
            field=models.TextField(blank=True, db_default='', editable=False),
        ),
        migrations.AddIndex(
            model_name='usagefile',
            index=models.Index(condition=models.Q(('switch', ''), _negated=True), fields=['switch', 'sequence'], name='usage_files_by_switch'),
        ),
        migrations.AddIndex(
            model_name='usagereject',
            index=models.Index(condition=models.Q(('key__isnull', False)), fields=['key'], name='rejects_by_record'),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
