import os
import subprocess
import sys

import pytest

from bss.embedded.places import CHECKOUT
from bss.embedded.supervisor.worker import lacking

TOLD = {
    "DATABASE_URL": "postgres://wo_bss:word@10.0.0.5/wo_bss",
    "REDIS_URL": "redis://:word@10.0.0.5/0",
    "SECRET_KEY": "one",
    "AUDIT_KEY": "two",
    "FIELD_KEYS": "1:three",
}


@pytest.mark.parametrize(
    ("without", "names"),
    [
        ((), []),
        (("FIELD_KEYS",), ["FIELD_KEY"]),
        (("REDIS_URL", "AUDIT_KEY"), ["REDIS_URL", "AUDIT_KEY"]),
    ],
)
def test_a_worker_elsewhere_must_be_told_where_the_house_is_and_its_keys(without, names):
    assert lacking({name: TOLD[name] for name in TOLD if name not in without}) == names


def test_it_makes_no_key_of_its_own_but_says_what_it_lacks(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "bss.embedded.supervisor.worker"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "BSS_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 1
    assert ran.stderr.startswith("! A worker on a machine of its own needs DATABASE_URL, REDIS_URL")
    assert not list(tmp_path.iterdir())
