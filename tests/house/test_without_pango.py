"""A machine without pango: PDFs answer with the one sentence, and all else runs."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from bss.embedded import addresses
from bss.embedded.places import CHECKOUT
from bss.kernel.papers import MISSING_PANGO

LIBRARY = "libpango-1.0.so.0"
ASKED = """
import json
import django
django.setup()
from django.test import Client
from bss.kernel.papers import MISSING_PANGO
from bss.scenario.scratch import nothing_lasts
from tests.builders.billing import a_bill, a_customer, a_line, own_account
from tests.builders.orders import a_company, a_subscription, accepted
from tests.builders.sign_in import force_login_proved
from tests.builders.staff import a_staff
from orders.rules.requests import SingleOrder

client = Client()
with nothing_lasts():
    company = a_company()
    line = a_subscription(company, "fixed")
    bill = f"/billing/bills/{a_bill(own_account(line), '2026-09', (line, 'PLAN_FEE', 2500)).pk}"
    order = accepted(SingleOrder(type="hold", customer_id=company.pk, subscription_id=line.pk))
    force_login_proved(client, a_staff("supervisor"))
    paper = client.get(f"/orders/{order.code}/acceptance.pdf")
    told = client.get(f"{bill}.pdf", follow=True)
    print(json.dumps({
        "acceptance form": [paper.status_code, paper.content.decode()],
        "bill": [told.redirect_chain, told.status_code, MISSING_PANGO in told.content.decode()],
        "page of the bill": client.get(bill).status_code,
        "page of the order": client.get(f"/orders/{order.code}").status_code,
        "address of the bill": bill,
    }))
"""


@pytest.fixture
def without_pango(tmp_path: Path, db: None) -> dict[str, str]:
    """The loader finds a file of the library's name that is no library, before the machine's."""
    (tmp_path / LIBRARY).write_bytes(b"")
    url = addresses.database_url().removesuffix(addresses.DATABASE)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bss.settings.testing",
        "LD_LIBRARY_PATH": str(tmp_path),
        "DATABASE_URL": url + quote(connection.settings_dict["NAME"]),
    }


@pytest.mark.skipif(sys.platform != "linux", reason="LD_LIBRARY_PATH is Linux's")
def test_without_pango_a_paper_answers_with_the_one_sentence_and_other_pages_work(without_pango):
    # when
    done = subprocess.run(
        [sys.executable, "-c", ASKED],
        capture_output=True,
        check=False,
        text=True,
        cwd=CHECKOUT,
        env=without_pango,
        timeout=120,
    )

    # then
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout.splitlines()[-1])
    bill = answers.pop("address of the bill")
    assert answers == {
        "acceptance form": [503, MISSING_PANGO],
        "bill": [[[bill, 302]], 200, True],
        "page of the bill": 200,
        "page of the order": 200,
    }
