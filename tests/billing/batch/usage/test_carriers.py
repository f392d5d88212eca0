"""Shards drawn and written side by side come to what one after another comes to."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction

from billing.batch.usage import keeping
from billing.batch.usage.files import lines_of_rows
from billing.batch.usage.load import load_blocks
from billing.batch.usage.store import part_table
from billing.models import UsageFile
from billing.services import usage
from packages_wo.models import Pool
from tests.billing.batch.usage.test_kernel import CALLERS, OTHERS, rated_rows
from tests.builders.usage import LOADED_AT, OCTOBER, an_operator, at

TYPES = ("mo", "mo", "mo", "mt", "cf", "sms", "data")


def random_rows(seed: int, *, count: int, first_minute: int) -> list[dict[str, object]]:
    chosen = random.Random(seed)
    start = at("2026-10-05T09:00")
    return [
        {
            "record_id": f"{seed}-{chosen.randrange(count)}",
            "service_number": chosen.choice(CALLERS),
            "call_type": chosen.choice(TYPES),
            "other_number": chosen.choice(OTHERS),
            "start_at": (
                start + timedelta(minutes=first_minute + chosen.randrange(400))
            ).isoformat(),
            "duration_s": chosen.choice((0, 1, 60, 61, 600)),
            "volume_kb": chosen.choice((0, 500, 307_200)),
        }
        for _ in range(count)
    ]


def load(rows, *, name: str, carriers: int, is_huge: bool = False) -> None:
    lines = lines_of_rows(rows, name=name)
    file = UsageFile.objects.create(name=name, columns=lines.columns, loaded_at=LOADED_AT)
    load_blocks(
        lines.blocks(),
        file=file,
        at=LOADED_AT,
        is_large=True,
        shards=6,
        carriers=carriers,
        is_huge=is_huge,
    )


def a_month(*, carriers: int, is_huge: bool = False) -> tuple[object, ...]:
    """Two loads, the second partly among the first's records; what they come to."""
    how = {"carriers": carriers, "is_huge": is_huge}
    load(random_rows(1, count=300, first_minute=100), name="one", **how)
    load(random_rows(2, count=300, first_minute=300), name="two", **how)
    with connection.cursor() as cursor:
        cursor.execute("SELECT owner_group, vpn_asked, vpn_drawn, asked, drawn FROM billing_drawn")
        balances = sorted(cursor.fetchall())
    pools = Pool.objects.order_by("pk").values_list("used", "vpn_used")
    files = UsageFile.objects.order_by("name").values_list("records", "rated", "rejected")
    return rated_rows(), balances, list(pools), list(files)


def tables_of_parts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT relname FROM pg_class WHERE relname ~ '^billing_record_.*_p\d+$'")
        return [name for (name,) in cursor.fetchall()]


def parts_of_each_load() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(parts) FROM billing_known_ids ORDER BY file_id")
        return [count for (count,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_carriers_side_by_side_bring_what_one_transaction_brings():
    an_operator()
    with transaction.atomic():
        alone = a_month(carriers=0)
        transaction.set_rollback(True)
    with transaction.atomic():
        side_by_side = a_month(carriers=3)

    assert side_by_side == alone
    assert len(alone[0]) > 300

    # when a carrier fails, all of its load does, and nothing of it stays
    before = tables_of_parts()

    def fails(*_, **__) -> None:
        raise RuntimeError("no")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(keeping, "keep_next", fails)
        with pytest.raises(RuntimeError), transaction.atomic():
            load(random_rows(3, count=300, first_minute=900), name="three", carriers=2)
    assert tables_of_parts() == before

    # when the load fails while its carriers make their tables ready, none of them is waited for
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(keeping, "write_balances", fails)
        with pytest.raises(RuntimeError), transaction.atomic():
            load(random_rows(3, count=300, first_minute=900), name="three", carriers=2)

    # and what a load left behind that died is dropped by the next
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE billing_record_2026_10_p999 (LIKE billing_record)")
    usage.load(rows=random_rows(4, count=1, first_minute=0), at=LOADED_AT)
    assert sorted(tables_of_parts()) == sorted(before)


@pytest.mark.django_db(transaction=True)
def test_records_that_wait_on_disk_come_to_what_those_in_memory_come_to(monkeypatch, settings):
    an_operator()
    with transaction.atomic():
        in_memory = a_month(carriers=0)
        transaction.set_rollback(True)
    monkeypatch.setattr("billing.batch.usage.lines.BLOCK_BYTES", 2_000)
    monkeypatch.setattr("billing.batch.usage.pending.ROWS_AT_ONCE", 50)
    monkeypatch.setattr("billing.batch.usage.pending.SHARDS_IN_A_FILE", 4)
    left = settings.USAGE_SPOOL_DIR / connection.settings_dict["NAME"] / "of-a-load-that-was-killed"
    left.parent.mkdir(parents=True)
    left.write_text("13011110000")

    with transaction.atomic():
        on_disk = a_month(carriers=0, is_huge=True)

    assert on_disk == in_memory
    assert not left.parent.exists()


@pytest.mark.django_db(transaction=True)
def test_a_full_part_is_followed_by_another(monkeypatch):
    an_operator()
    with transaction.atomic():
        together = a_month(carriers=0)
        assert parts_of_each_load() == [1, 1]
        transaction.set_rollback(True)
    monkeypatch.setattr("billing.batch.usage.parts.ROWS_AT_MOST", 50)

    with transaction.atomic():
        assert a_month(carriers=1) == together

    assert parts_of_each_load() == [2, 3]  # some of the second come among the first


@pytest.mark.django_db(transaction=True)
def test_the_planner_knows_how_many_records_a_month_has():
    an_operator()
    with transaction.atomic():
        load(random_rows(1, count=300, first_minute=100), name="one", carriers=1)

    with connection.cursor() as cursor:
        cursor.execute("SELECT parts[1] FROM billing_known_ids")
        part = part_table(OCTOBER, cursor.fetchone()[0])
        cursor.execute(
            f"EXPLAIN (FORMAT JSON) SELECT FROM {part} WHERE billed_month = '2026-10-01'"
            " AND month BETWEEN '2026-09-01' AND '2026-10-01'"
        )
        [(plan,)] = cursor.fetchone()
        cursor.execute(f"SELECT count(*) FROM {part}")
        [(count,)] = cursor.fetchall()
    assert count > 150
    assert plan["Plan"]["Plan Rows"] == count
