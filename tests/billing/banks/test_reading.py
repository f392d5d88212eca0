from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from billing.banks import simulator
from billing.banks.reading import read
from billing.banks.records import ANSWER, DEBIT, STATEMENT
from billing.banks.writing import write
from billing.rules.banks import BANKS, MOST_FEN
from bss.kernel.errors import BadInputError

DAY = date(2026, 11, 5)
YZ, JH = BANKS["YZ"], BANKS["JH"]
MOVED = {
    "reference": "R1",
    "amount": 123_45,
    "payer_name": "北京晨光商贸有限公司",
    "payer_number": "6229001234567890123",
    "virtual_number": "9931000100000000120",
    "remark": "十月话费",
}
SAID = {"position": 1, "amount": 100_00, "answer": "00", "reference": "R1", "day": "20261105"}


def a_statement(*lines, bank=YZ) -> bytes:
    return simulator.statement(bank, serial="17", day=DAY, lines=[MOVED | line for line in lines])


def an_answer(*lines, bank=YZ) -> bytes:
    rows = [SAID | {"reference": f"R{n}", "position": n} | line for n, line in enumerate(lines, 1)]
    return write(kind=ANSWER, bank=bank, serial="YZ261105000001", day=DAY, lines=rows)


def refusal_of(content: bytes) -> str:
    with pytest.raises(BadInputError) as refused:
        read(content)
    ((place, sentence),) = refused.value.faults
    assert place == ""
    return sentence


@pytest.mark.parametrize("bank", [YZ, JH])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_statement_says_the_same_in_every_encoding(bank, encoding):
    content = a_statement({}, bank=bank).decode(bank.encoding).encode(encoding)

    (line,) = read(content).movements

    assert (line.payer_name, line.remark) == ("北京晨光商贸有限公司", "十月话费")
    assert (line.amount_fen, line.day, line.incoming) == (123_45, DAY, True)
    assert line.virtual_number == "9931000100000000120"


def test_a_rare_character_that_only_gb18030_has_is_read():
    (line,) = read(a_statement({"payer_name": "䶮𠮷商行"})).movements

    assert line.payer_name == "䶮𠮷商行"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(ending):
    text = a_statement({}, {"reference": "R2"}, bank=JH).decode("utf-8-sig")

    received = read(ending.join(text.splitlines()).encode())

    assert [line.reference for line in received.movements] == ["R1", "R2"]


def test_a_name_with_a_comma_and_quotes_comes_through():
    (line,) = read(a_statement({"payer_name": '甲"乙",丙'}, bank=JH)).movements

    assert line.payer_name == '甲"乙",丙'


def test_a_spreadsheet_is_read_as_csv_is(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["H", "DZ", "JH", "17", "20261105", 2, 150])
    sheet.append(["D", "R1", DAY, "C", 100.5, "甲公司", "6229", None, None])
    sheet.append(["D", "R2", "20261105", "C", 49.5, "乙公司", "6229", "", "备注"])
    sheet.append(["T", 2, 150])
    book.save(tmp_path / "DZ.xlsx")

    received = read((tmp_path / "DZ.xlsx").read_bytes())

    assert [(line.reference, line.amount_fen, line.day) for line in received.movements] == [
        ("R1", 100_50, DAY),
        ("R2", 49_50, DAY),
    ]


def test_a_spreadsheet_that_is_broken_is_refused():
    assert "XLSX" in refusal_of(b"PK\x03\x04 not a book")


@given(st.lists(st.integers(1, MOST_FEN), max_size=8), st.sampled_from([YZ, JH]))
def test_what_is_written_is_what_is_read(amounts, bank):
    content = an_answer(*({"amount": fen} for fen in amounts), bank=bank)

    received = read(content)

    assert [line.amount_fen for line in received.answers] == amounts
    assert (received.count, received.total_fen) == (len(amounts), sum(amounts))


@pytest.mark.parametrize("bank", [YZ, JH])
@pytest.mark.parametrize("amount", [0, -1, -100_00, MOST_FEN + 1, 99_999_999_999_99])
def test_an_amount_that_cannot_be_is_a_fault_and_the_rest_is_taken(bank, amount):
    received = read(an_answer({"amount": amount}, {}, bank=bank))

    assert [fault.reason for fault in received.faults] == ["amount"]
    assert [line.position for line in received.answers] == [2]


@pytest.mark.parametrize("amount", ["12.5", "1,000.00", "1e3", "一百", "", "100"])
def test_an_amount_that_is_not_yuan_with_two_digits_is_a_fault(amount):
    text = an_answer({}, {}, bank=JH).decode("utf-8-sig")
    content = text.replace("D,1,100.00", f'D,1,"{amount}"')

    received = read(content.encode())

    assert [fault.reason for fault in received.faults] == ["amount"]
    assert len(received.answers) == 1


@pytest.mark.parametrize(
    ("was", "is_now", "reason"),
    [
        ("D,R1,20261105", "D,R1,20261131", "day"),
        ("D,R1,20261105", "D,R1,2026-11-05", "day"),
        ("D,R1,", "D,,", "malformed"),
        (",C,", ",X,", "malformed"),
        ("D,R1,20261105,C,123.45,", "D,R1,20261105,C,123.45,too,many,", "malformed"),
    ],
)
def test_a_bad_line_keeps_its_number_reason_and_text(was, is_now, reason):
    text = a_statement({}, {"reference": "R2"}, bank=JH).decode("utf-8-sig").replace(was, is_now, 1)

    received = read(text.encode())

    (fault,) = received.faults
    assert (fault.line_no, fault.reason) == (2, reason)
    assert fault.line == text.splitlines()[1]
    assert [line.reference for line in received.movements] == ["R2"]


@pytest.mark.parametrize("bank", [YZ, JH])
def test_half_a_file_is_refused_whole(bank):
    lines = a_statement({}, {"reference": "R2"}, bank=bank).decode(bank.encoding).splitlines()
    for kept in range(1, len(lines)):
        assert "结尾行" in refusal_of("\n".join(lines[:kept]).encode(bank.encoding))


def test_every_cut_of_a_file_is_refused():
    content = a_statement({}, {"reference": "R2"})
    end = len(content.rstrip())
    for size in range(1, end, 7):
        with pytest.raises(BadInputError):
            read(content[:size])


def test_a_line_too_few_is_refused_with_both_counts():
    lines = a_statement({}, {"reference": "R2"}).decode("gb18030").splitlines()

    assert "写明 2 笔，实际有 1 笔" in refusal_of(
        "\n".join([lines[0], lines[1], lines[3]]).encode("gb18030")
    )


def test_an_amount_that_was_changed_is_refused_with_both_sums():
    text = a_statement({}, bank=JH).decode("utf-8-sig").replace("C,123.45", "C,923.45")

    assert "合计 123.45 元，实际 923.45 元" in refusal_of(text.encode())


def test_a_head_that_says_another_sum_than_the_end_is_refused():
    text = a_statement({}, bank=JH).decode("utf-8-sig").replace("1,123.45", "1,123.46", 1)

    assert "合计 123.46 元，实际 123.45 元" in refusal_of(text.encode())


def test_two_files_in_one_are_refused():
    assert "结尾行之后" in refusal_of(a_statement({}) + a_statement({"reference": "R2"}))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"),
        (b" \r\n ", "空的"),
        (b"\x00\x01\x02", "不是文本"),
        (b"%PDF-1.7 whatever", "文件头"),
        (b"service_number,amount\n1,2\n", "文件头"),
        (b"\xff\xfe\xff\xff", "编码"),
        (write(kind=DEBIT, bank=YZ, serial="1", day=DAY, lines=[]), "文件头"),
        (a_statement({}, bank=JH).replace(b"DZ,JH", b"DZ,XX"), "XX"),
    ],
)
def test_what_is_no_file_of_a_bank_is_refused_in_one_sentence(content, word):
    assert word in refusal_of(content)


def test_an_editor_that_takes_trailing_blanks_away_does_no_harm():
    text = a_statement({"remark": ""}).decode("gb18030")

    (line,) = read("\n".join(one.rstrip() for one in text.splitlines()).encode("gb18030")).movements

    assert line.remark == ""


def test_a_file_without_lines_is_whole():
    assert read(simulator.statement(YZ, serial="1", day=DAY, lines=[])).count == 0


@pytest.mark.parametrize("bank", [YZ, JH])
def test_the_simulated_bank_answers_the_same_for_the_same_seed(bank):
    lines = [
        {
            "position": n,
            "contract": f"XY{n:09d}",
            "number": "6229",
            "holder": "试验公司",
            "amount": n * 100,
            "purpose": "T000000001",
        }
        for n in range(1, 41)
    ]
    asked = write(kind=DEBIT, bank=bank, serial=f"{bank.code}1", day=DAY, lines=lines)

    answers = [simulator.answer(asked, day=DAY, seed=seed) for seed in (1, 1, 2)]

    assert answers[0] == answers[1] != answers[2]
    received = read(answers[0])
    assert [line.amount_fen for line in received.answers] == [n * 100 for n in range(1, 41)]
    assert {line.answer for line in received.answers} > {"00"}
    assert read(answers[0]).kind == ANSWER != STATEMENT
