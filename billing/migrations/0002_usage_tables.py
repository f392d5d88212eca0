"""Usage and its rating, partitioned by month; the registry of record ids for ever.

No foreign keys: loading and attaching partitions must not lock what others read.
"""

from django.db import migrations

CREATE = """
CREATE SEQUENCE billing_usage_id_seq;

CREATE TABLE billing_usage (
    id              bigint NOT NULL DEFAULT nextval('billing_usage_id_seq'),
    month           date NOT NULL,
    billed_month    date NOT NULL,
    record_id       text COLLATE "C" NOT NULL,
    subscription_id bigint NOT NULL,
    area            text NOT NULL,
    service_number  text NOT NULL,
    call_type       text NOT NULL,
    other_number    text NOT NULL,
    start_at        timestamptz NOT NULL,
    end_at          timestamptz NOT NULL,
    duration_s      bigint NOT NULL,
    visited_area    text NOT NULL,
    volume_kb       bigint NOT NULL,
    info_fee_hao    bigint NOT NULL,
    file_id         bigint NOT NULL,
    line_no         bigint NOT NULL,
    PRIMARY KEY (month, id),
    CONSTRAINT billed_in_its_month_or_later CHECK (billed_month >= month)
) PARTITION BY RANGE (month);
CREATE INDEX billing_usage_of_a_subscription ON billing_usage (subscription_id, end_at);
COMMENT ON TABLE billing_usage IS
    '话单: accepted records by the month of their end; billed_month is later for late usage';

ALTER SEQUENCE billing_usage_id_seq OWNED BY billing_usage.id;

CREATE TABLE billing_rated_usage (
    month           date NOT NULL,
    usage_id        bigint NOT NULL,
    billed_month    date NOT NULL,
    subscription_id bigint NOT NULL,
    bundle_id       bigint,
    item            text NOT NULL,
    way             text NOT NULL,
    quantity        bigint NOT NULL,
    vpn_key         bigint,
    vpn_before      bigint NOT NULL,
    vpn_minutes     bigint NOT NULL,
    draw_key        bigint,
    draw_before     bigint NOT NULL,
    pool_minutes    bigint NOT NULL,
    plan_units      bigint NOT NULL,
    charged_units   bigint NOT NULL,
    amount_hao      bigint NOT NULL,
    info_fee_hao    bigint NOT NULL
) PARTITION BY RANGE (month);
CREATE INDEX billing_rated_usage_of_a_subscription
    ON billing_rated_usage (subscription_id, item);
COMMENT ON TABLE billing_rated_usage IS
    '批价结果: what each record drew and costs; the rows of an open month are replaced as a whole';
COMMENT ON COLUMN billing_rated_usage.draw_key IS
    'the allowance drawn: owner id * 8 + kind (1 bundle VPN, 2 own VPN, 3 pool, 4 minutes, 5 sms, 6 KB)';

CREATE TABLE billing_usage_id (
    record_id text COLLATE "C" PRIMARY KEY,
    file_id   bigint NOT NULL,
    line_no   bigint NOT NULL
);
COMMENT ON TABLE billing_usage_id IS
    '话单号登记: every record id that ever came in a record that was not malformed';
"""

DROP = """
DROP TABLE billing_usage_id;
DROP TABLE billing_rated_usage;
DROP TABLE billing_usage;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
