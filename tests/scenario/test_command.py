"""The command as a shell sees it: exit codes, one line for each file, a database of its own."""

import json

from customers.models import Customer


def test_each_good_file_has_a_line_on_stdout_and_each_bad_one_a_line_on_stderr(run) -> None:
    # when
    done = run("good.yaml", "late.yaml", "other.yaml", "list.yaml", "absent.yaml", "--json")

    # then
    assert done.returncode == 2
    good, other = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (good["name"], good["ok"], good["mismatches"]) == ("王芳的固话", True, [])
    assert good["outcome"]["usage"] == {"records": 1, "rated": 1, "rejected": {}}
    assert other["mismatches"] == ["bills.f1.2026-09.total: expected '25.00', got '25.22'"]
    assert done.stderr.decode().splitlines() == [
        "late.yaml: rules: 'none' is not of type 'array'",
        "list.yaml: top level: [1] is not of type 'object'",
        "absent.yaml: cannot be opened: No such file or directory",
    ]


def test_an_expectation_that_does_not_hold_is_exit_1_and_leaves_no_trace(
    run, scratch_databases
) -> None:
    # when
    done = run("other.yaml", "good.yaml", "--json")

    # then
    assert (done.returncode, done.stderr) == (1, b"")
    assert len(done.stdout.splitlines()) == 2
    # the prepared one and a slot; calls side by side may have made the others before
    assert {"", "_1"} <= scratch_databases() <= {"", "_1", "_2", "_3", "_4"}
    assert not Customer.objects.exists()


def test_all_that_holds_is_exit_0_with_a_report_to_read(run) -> None:
    # when
    done = run("good.yaml")

    # then
    assert (done.returncode, done.stderr) == (0, b"")
    assert "王芳的固话" in done.stdout.decode()
    assert "f1 PLAN_FEE 25.00" in done.stdout.decode()
