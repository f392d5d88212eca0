"""What two persons agreed on is never changed or deleted; the reasons that the product brings."""

from django.db import migrations

TABLES = ("adjustment", "writeoff", "writeoffpart", "recovery")

REASONS = (
    ("refund", "ended", "销户退余额"),
    ("refund", "overpaid", "多缴退款"),
    ("refund", "duplicate", "重复缴费"),
    ("refund", "complaint", "投诉处理"),
    ("transfer", "wrong_account", "缴错帐户"),
    ("transfer", "customer_asked", "客户申请"),
    ("transfer", "ended", "销户余额转出"),
    ("write_off", "bankrupt", "客户破产或注销"),
    ("write_off", "untraceable", "无法联系"),
    ("write_off", "too_old", "超过诉讼时效"),
    ("write_off", "fraud", "冒名开户"),
    ("adjustment", "wrong_fee", "计费差错"),
    ("adjustment", "service_fault", "通信障碍赔补"),
    ("adjustment", "complaint", "投诉处理"),
    ("adjustment", "late_fee", "减免违约金"),
    ("adjustment", "short_billed", "少计补收"),
)

FUNCTION = """
CREATE FUNCTION billing_settled_by_hand_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('bss.throw_away_database', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% says what two persons agreed on, it is never changed or deleted',
        TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""

FORWARD = FUNCTION + "".join(
    f"CREATE TRIGGER billing_{table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE"
    f" ON billing_{table} FOR EACH STATEMENT"
    f" EXECUTE FUNCTION billing_settled_by_hand_only_grows();\n"
    for table in TABLES
)

BACKWARD = (
    "".join(f"DROP TRIGGER billing_{table}_only_grows ON billing_{table};\n" for table in TABLES)
    + "DROP FUNCTION billing_settled_by_hand_only_grows();"
)


def bring_reasons(apps, editor):
    rows = apps.get_model("billing", "Reason")
    rows.objects.bulk_create(
        [rows(purpose=purpose, code=code, words=words) for purpose, code, words in REASONS]
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0017_refunds_write_offs_adjustments_and_promises")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(bring_reasons, migrations.RunPython.noop),
    ]
