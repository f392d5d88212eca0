"""The report on known faults: whatever happens, it is a report."""

import sys
import time
from pathlib import Path

from bss.embedded.places import CHECKOUT
from bss.embedded.setup import advisories


def python(text: str) -> tuple[str, tuple[str, ...]]:
    return "an audit", (sys.executable, "-c", text)


def test_what_an_audit_says_is_shown_even_when_it_fails():
    said = advisories.report([python("print('1 known fault'); raise SystemExit(1)")])

    assert said == "== an audit ==\n1 known fault\n"


def test_an_audit_without_an_answer_is_given_up():
    began = time.monotonic()
    said = advisories.report([python("import time; time.sleep(60)")], longest_s=0.5)

    assert said == "== an audit ==\nnot audited: no answer within 0 s\n"
    assert time.monotonic() - began < 20


def test_a_refused_connection_is_one_line():
    said = advisories.report([python("raise ConnectionRefusedError('port closed')")])

    assert said == "== an audit ==\nnot audited: ConnectionRefusedError: port closed\n"


def test_a_tool_that_is_not_there_is_said_to_be_missing():
    said = advisories.report([("an audit", ("no-such-tool-here",))])

    assert said == "== an audit ==\nnot audited: no-such-tool-here is not installed here\n"


def test_what_is_audited_is_what_is_locked():
    (_, python_audit), (_, node_audit) = advisories.commands()

    assert (CHECKOUT / python_audit[python_audit.index("--requirement") + 1]).exists()
    assert "--package-lock-only" in node_audit
    assert (CHECKOUT / "package-lock.json").exists()


def test_every_run_of_the_integration_ends_with_the_report():
    run = Path(CHECKOUT, ".ci", "run").read_text()

    assert "make audit || true" in run
