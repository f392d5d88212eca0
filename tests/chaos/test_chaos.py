"""A breath of ``make chaos``: the whole way, with a few kills."""

import os
import re
import subprocess
import sys

from bss.embedded.places import CHECKOUT
from tests.chaos.picture import differences


def test_what_only_one_of_two_pictures_shows_is_a_difference():
    calm = {"bills": (("a",), ("a",), ("b",))}

    assert differences(calm, {"bills": (("b",), ("a",), ("a",))}) == []
    assert differences(calm, {"bills": (("a",), ("b",), ("c",))}) == [
        "bills: missing a",
        "bills: more c",
    ]


def test_a_few_kills_change_nothing():
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos"],
        cwd=CHECKOUT,
        env=plain | {"CHAOS_S": "2"},
        capture_output=True,
        text=True,
    )

    last = re.fullmatch(r"kills (\d+) differences (\d+) seed \d+", ran.stdout.split("\n")[-2])
    assert last, ran.stderr
    assert int(last[1]) > 0
    assert (last[2], ran.returncode) == ("0", 0), ran.stdout + ran.stderr
