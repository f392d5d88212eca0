"""Keys are wrapped anew while others read and write: no error, nothing unreadable.

Figures are printed: customers, reads and writes during the rotation, failures (0).
"""

import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from bss.kernel import data_keys
from bss.kernel.models import DataKey
from bss.kernel.periods import local_moment
from customers.models import Customer
from customers.services.registration import ContactInput, correct_customer
from tests.builders.customers import a_company

READERS, WRITERS = 2, 2
AT = local_moment("2026-11-02T10:00")


def sizes(thorough):
    return pytest.param(thorough, marks=pytest.mark.thorough if thorough > 500 else ())


class Load:
    """Threads that read and write until the rotation is over; what they saw is kept."""

    def __init__(self, ids):
        self.ids, self.over = ids, threading.Event()
        self.reads = self.writes = 0
        self.faults = []
        self.lock = threading.Lock()
        works = [self.read] * READERS + [self.write] * WRITERS
        self.threads = [
            threading.Thread(target=self.run, args=(work, n)) for n, work in enumerate(works)
        ]

    def run(self, work, place):
        try:
            turn = place
            while not self.over.is_set():
                work(self.ids[(turn * 7919) % len(self.ids)], turn)
                turn += len(self.threads)
        except Exception as fault:
            self.faults.append(fault)
        finally:
            connection.close()

    def read(self, customer_id, turn):
        data_keys.forget()
        around = Customer.objects.filter(pk__gte=customer_id).order_by("pk")[:25]
        for row in around:
            assert row.postal_address.startswith("北京市示例路")
        with self.lock:
            self.reads += 1

    def write(self, customer_id, turn):
        if turn % 3:
            row = Customer.objects.get(pk=customer_id)
            correct_customer(
                customer_id=customer_id,
                name=row.name,
                document=None,
                contact=ContactInput(name="李雷", phone="13800000000"),
                postal_address=f"北京市示例路 {turn} 号",
                at=AT,
                complete=False,
            )
        else:
            made = a_company(name=f"北京新{turn}商行", postal_address=f"北京市示例路 {turn} 号")
            assert made.postal_address
        with self.lock:
            self.writes += 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [sizes(200), sizes(5000)])
def test_rotation_under_load(settings, capsys, count):
    ids = [
        a_company(name=f"北京第{n}商行", postal_address=f"北京市示例路 {n} 号").pk
        for n in range(count)
    ]
    load = Load(ids)
    for thread in load.threads:
        thread.start()

    for number in (2, 3, 4):
        settings.FIELD_KEYS = ",".join(f"{n}:secret-number-{n}" for n in range(number, 1, -1))
        call_command("rotate_keys", "--batch", "20", stdout=StringIO())
    load.over.set()
    for thread in load.threads:
        thread.join(30)

    settings.FIELD_KEYS, settings.FIELD_KEY = "4:secret-number-4", ""
    call_command("rotate_keys", stdout=StringIO())
    data_keys.forget()
    unreadable = [
        row.pk for row in Customer.objects.all() if not row.postal_address.startswith("北京市")
    ]
    with capsys.disabled():
        print(  # noqa: T201 — the figures of the attack
            f"\nrotation under load: {DataKey.objects.count()} keys wrapped three times, "
            f"{load.reads} page reads, {load.writes} writes, {len(load.faults)} faults, "
            f"{len(unreadable)} unreadable"
        )
    assert load.faults == []
    assert unreadable == []
    assert load.reads > 0
    assert load.writes > 0
    assert set(DataKey.objects.values_list("version", flat=True)) == {4}
