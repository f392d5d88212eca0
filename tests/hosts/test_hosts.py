"""Two worker hosts in namespaces of this machine; one loses its cable, one its power."""

import os
import re
import subprocess
import sys

import pytest

from bss.embedded.places import CHECKOUT
from tests.hosts.host import refusal

ACCOUNTS = 4_000


@pytest.mark.thorough
def test_a_month_is_closed_once_by_two_hosts_of_which_one_is_cut_off_and_killed(figure):
    if why := refusal():
        pytest.skip(f"no network namespaces here: {why}")
    own = ("DJANGO_SETTINGS_MODULE", "BSS_DATA")
    plain = {name: value for name, value in os.environ.items() if name not in own}

    ran = subprocess.run(
        ["unshare", "--net", sys.executable, "-m", "tests.hosts"],
        cwd=CHECKOUT,
        env=plain | {"HOSTS_ACCOUNTS": str(ACCOUNTS)},
        capture_output=True,
        text=True,
    )

    last = ran.stdout.rstrip().rpartition("\n")[2]
    told = re.fullmatch(r"accounts (\d+) taken over after .+ s and .+ s differences (\d+)", last)
    assert told, ran.stdout + ran.stderr
    assert (told[1], told[2], ran.returncode) == (str(ACCOUNTS), "0", 0), ran.stdout + ran.stderr
    figure(last)
