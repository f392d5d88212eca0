"""The circle on the terminal and by folder: export, answer, import, each of them twice."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.models import BankFile, DebitBatch, Payment
from billing.services import debit_batches
from billing.tasks.bank_inbox import take_inbox
from tests.builders.banks import ANSWERED_AT, DRAWN_AT, a_mandate, a_movement, a_statement
from tests.builders.billing import a_bill, a_channel, a_customer, a_line, own_account

pytestmark = pytest.mark.django_db
AT = "2026-11-05T10:00"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.BANK_FILES_DIR = tmp_path
    (tmp_path / "in").mkdir()
    return tmp_path


def debtor(place: int, bank: str):
    line = a_line(a_customer(f"北京第{place}商贸有限公司"), f"0106200{place:04d}")
    a_bill(own_account(line), "2026-09", (line, "PLAN_FEE", 100_00))
    a_mandate(own_account(line), bank=bank)
    return own_account(line)


def said(*command: object) -> str:
    out = StringIO()
    call_command(*map(str, command), stdout=out, stderr=out)
    return out.getvalue()


def test_the_circle_by_commands_moves_money_once(folder):
    # given
    a_channel()
    accounts = [debtor(place, bank) for place, bank in enumerate(("YZ", "JH", "YZ"))]

    # when
    first, second = said("export_debits", "--at", AT), said("export_debits", "--at", AT)
    asked = sorted((folder / "out").iterdir())
    for path in asked:
        said("bank_simulator", path, "--refused-percent", 0, "--to", folder / "in" / path.name)
    answers = said("import_bank_file", "--inbox", "--at", AT)

    # then
    assert "1 accounts, 100.00 yuan" in first
    assert second == "Nothing else is due.\n"
    assert [path.suffix for path in asked] == [".csv", ".txt"]
    assert "2 done + 0 with faults" in answers
    assert Payment.objects.filter(account__in=accounts).count() == 3
    assert set(DebitBatch.objects.values_list("state", flat=True)) == {"closed"}
    assert list((folder / "in").iterdir()) == []
    assert len(list((folder / "done").iterdir())) == 2


def test_a_file_that_was_not_written_is_written_by_the_next_run(folder):
    a_channel()
    debtor(1, "YZ")
    debit_batches.draw_up(bank="YZ", at=DRAWN_AT)  # and then the process died

    assert "DK-YZ261105000001.txt" in said("export_debits", "--at", AT)
    assert DebitBatch.objects.get().state == "sent"


def test_the_inbox_takes_whole_files_and_says_why_others_are_refused(folder):
    a_channel()
    whole = a_statement(a_movement("R1", 10_00))
    (folder / "in" / "a.txt").write_bytes(whole[:-40])
    (folder / "in" / "b.txt").write_bytes(whole)
    (folder / "in" / "c.txt").write_bytes(whole)
    (folder / "in" / "d.txt.part").write_bytes(b"H")

    taken = take_inbox(at=ANSWERED_AT)

    assert [(one.name, one.done, bool(one.refused)) for one in taken] == [
        ("a.txt", 0, True),
        ("b.txt", 1, False),
        ("c.txt", 0, True),
    ]
    assert "结尾行" in (folder / "refused" / "a.txt.reason.txt").read_text(encoding="utf-8")
    assert "b.txt" in (folder / "refused" / "c.txt.reason.txt").read_text(encoding="utf-8")
    assert [path.name for path in (folder / "in").iterdir()] == ["d.txt.part"]
    assert take_inbox(at=ANSWERED_AT) == []


def test_a_second_file_of_the_same_name_is_put_beside_the_first(folder):
    a_channel()
    for serial in ("1", "2"):
        content = a_statement(a_movement(f"R{serial}", 10_00), serial=serial)
        (folder / "in" / "DZ.txt").write_bytes(content)
        take_inbox(at=ANSWERED_AT)

    assert sorted(path.name for path in (folder / "done").iterdir()) == ["DZ-2.txt", "DZ.txt"]


def test_the_command_takes_the_good_files_and_fails_for_the_others(folder):
    a_channel()
    good, bad = folder / "good.txt", folder / "bad.txt"
    good.write_bytes(a_statement(a_movement("R1", 10_00)))
    bad.write_bytes(b"nonsense")

    with pytest.raises(CommandError, match="the others are"):
        said("import_bank_file", bad, good, "--at", AT)

    assert BankFile.objects.get().name == "good.txt"


def test_the_simulated_bank_answers_debit_files_alone(folder):
    path = folder / "other.txt"
    path.write_bytes(a_statement(a_movement("R1", 10_00)))

    with pytest.raises(CommandError, match="no debit file"):
        said("bank_simulator", path)
