import io

import pytest

from bss.kernel.pace import Pace
from bss.kernel.progress import Mark, heard_by, is_heard, tell
from bss.kernel.terminal import Lines, progress_on, words_of


class ATerminal(io.StringIO):
    def isatty(self):
        return True


def test_only_who_listens_hears_and_only_inside():
    heard = []
    tell("rate", 1, 2)
    with heard_by(heard.append):
        assert is_heard()
        tell("rate", 2, 2)
    assert not is_heard()
    assert heard == [Mark(name="rate", done=2, total=2)]


def test_several_hear_the_same():
    first, second = [], []
    with heard_by(first.append), heard_by(second.append):
        tell("read", 5)
    assert first == second == [Mark(name="read", done=5, total=None)]


@pytest.mark.parametrize(
    ("mark", "pace", "words"),
    [
        (Mark(name="a", done=1200, total=5000), Pace(), "1,200 of 5,000"),
        (Mark(name="a", done=7), Pace(per_second=3.25), "7, 3.2/s"),
        (
            Mark(name="a", done=1200, total=5000),
            Pace(per_second=310.4, left_s=12),
            "1,200 of 5,000, 310/s, about 12 s left",
        ),
        (
            Mark(name="a", done=1, total=9),
            Pace(per_second=0.01, left_s=800),
            "1 of 9, 0.0/s, about 13 min 20 s left",
        ),
        (Mark(name="a", done=9, total=9), Pace(per_second=3.0, left_s=0), "9 of 9"),
    ],
)
def test_what_is_known_is_said_and_nothing_else(mark, pace, words):
    assert words_of(mark, pace) == words


def test_a_log_gets_a_line_every_ten_seconds():
    now, lines = [0.0], []
    listen = Lines(lines.append, clock=lambda: now[0])
    for second in range(25):
        now[0] = float(second)
        listen(Mark(name="rate", done=second * 100, total=5000))
    assert lines == [
        "rate: 1,000 of 5,000, 100/s, about 40 s left",
        "rate: 2,000 of 5,000, 100/s, about 30 s left",
    ]


def test_short_work_says_nothing_to_a_log():
    out = io.StringIO()
    with progress_on(out, "close 2026-10"):
        tell("rate", 1, 1)
    assert out.getvalue() == ""


def test_a_terminal_sees_a_bar_for_each_part():
    out = ATerminal()
    with progress_on(out, "close 2026-10"):
        tell("rate", 1, 1)
        tell("bill", 3, 8)
    assert "close 2026-10" in out.getvalue()
    assert "3 of 8" in out.getvalue()
