"""A database of before data keys, with customers in it, brought up to today."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
# As the first version wrote it: one key for all, Fernet tokens, no data keys.
FILL = """
import base64, hashlib
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
state = MigrationExecutor(connection).loader.project_state([("customers", "0001_initial")]).apps
Customer = state.get_model("customers", "Customer")
Document = state.get_model("customers", "Document")
digest = hashlib.sha256(b"seal:" + settings.FIELD_KEY.encode()).digest()
box = Fernet(base64.urlsafe_b64encode(digest))
with connection.cursor() as cursor:
    for n in range(3):
        one = Customer.objects.create(
            code=f"C{n}", name=f"试验{n}号公司", kind="enterprise", registered_at=timezone.now())
        paper = Document.objects.create(
            customer=one, type="business_license", recorded_at=timezone.now())
        cursor.execute("UPDATE customers_customer SET postal_address = %s WHERE id = %s",
                       [box.encrypt(f"示例路 {n} 号".encode()).decode(), one.pk])
        cursor.execute("UPDATE customers_document SET number = %s WHERE id = %s",
                       [box.encrypt(f"9113010000000{n}".encode()).decode(), paper.pk])
"""
TELL = """
from django.db import connection
from customers.models import Customer, Document
from bss.kernel.models import DataKey
print([one.postal_address for one in Customer.objects.order_by("code")])
print([one.number for one in Document.objects.order_by("pk")])
print(DataKey.objects.count(), Customer.objects.filter(data_key=None).count())
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM customers_customer c JOIN customers_document d "
                   "ON d.customer_id = c.id WHERE c.postal_address LIKE 'k1.%' "
                   "AND d.number LIKE 'k1.%'")
    print(cursor.fetchone()[0])
"""


def manage(data: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=HOUSE,
        env={**os.environ, "BSS_DATA": data},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.thorough
def test_customers_of_the_first_version_are_readable_and_sealed_each_under_its_own_key():
    with tempfile.TemporaryDirectory() as data:
        manage(data, "migrate", "-v0", "customers", "0001_initial")
        manage(data, "shell", "-v0", "-c", FILL)

        manage(data, "migrate", "-v0")
        before_rotation = manage(data, "shell", "-v0", "-c", TELL).splitlines()
        manage(data, "rotate_keys")
        after = manage(data, "shell", "-v0", "-c", TELL).splitlines()

    addresses = "['示例路 0 号', '示例路 1 号', '示例路 2 号']"
    numbers = "['91130100000000', '91130100000001', '91130100000002']"
    assert before_rotation == [addresses, numbers, "3 0", "0"]
    assert after == [addresses, numbers, "3 0", "3"]
