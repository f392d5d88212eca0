"""A bank in small: it answers a debit file, the same way for the same seed (demo, tests)."""

from collections.abc import Mapping
from datetime import date
from random import Random

from billing.banks.layouts import LAYOUTS
from billing.banks.records import ANSWER, DEBIT, END, HEAD, INCOMING, LINE, STATEMENT
from billing.banks.writing import write
from billing.rules.banks import ANSWERS, BANKS, SETTLED, Bank

REFUSED_PERCENT = 15
NONE_NAMED: Mapping[int, str] = {}
_REFUSALS = tuple(code for code in ANSWERS if code != SETTLED)


def answer(
    content: bytes,
    *,
    day: date,
    seed: int = 1,
    refused_percent: int = REFUSED_PERCENT,
    refusals: Mapping[int, str] = NONE_NAMED,
) -> bytes:
    """The answer file to a debit file; some lines are refused, each for a reason of a bank's.

    ``refusals`` names lines by their position that are refused in any case, and with which code.

    Raises: ValueError when this is no debit file of a bank that we know.
    """
    bank, serial, lines = _asked(content)
    random = Random(f"{seed}/{serial}")
    answers = []
    for line in lines:
        drawn = random.choice(_REFUSALS) if random.randrange(100) < refused_percent else SETTLED
        code = refusals.get(line["position"], drawn)
        answers.append(
            {
                "position": line["position"],
                "amount": line["amount"],
                "answer": code,
                "reference": "" if code != SETTLED else f"{serial}{line['position']:06d}",
                "day": f"{day:%Y%m%d}",
            }
        )
    return write(kind=ANSWER, bank=bank, serial=serial, day=day, lines=answers)


def statement(bank: Bank, *, serial: str, day: date, lines: list[dict[str, object]]) -> bytes:
    """A statement of movements that came in, or went out where a line says so."""
    blank = {
        "direction": INCOMING,
        "payer_name": "",
        "payer_number": "",
        "virtual_number": "",
        "remark": "",
        "day": f"{day:%Y%m%d}",
    }
    return write(
        kind=STATEMENT, bank=bank, serial=serial, day=day, lines=[blank | line for line in lines]
    )


def _asked(content: bytes) -> tuple[Bank, str, list[dict[str, int]]]:
    """Bank, batch and lines of a debit file."""
    for bank in BANKS.values():
        layout = LAYOUTS[bank.layout]
        try:
            text = content.decode(bank.encoding).splitlines()
        except UnicodeDecodeError:
            continue
        split = [layout.split(DEBIT, line) for line in text]
        if any(one is None for one in split) or len(split) < 2:
            continue
        whole = [one for one in split if one is not None]
        head = whole[0][1]
        if (whole[0][0], whole[-1][0]) != (HEAD, END) or head["bank"] != bank.code:
            continue
        lines = [
            {"position": int(values["position"]), "amount": _fen(bank, values["amount"])}
            for mark, values in whole
            if mark == LINE
        ]
        return bank, head["serial"], lines
    raise ValueError("this is no debit file of a bank in billing.rules.banks")


def _fen(bank: Bank, amount: str) -> int:
    return int(amount.replace(".", "")) if bank.layout == "csv" else int(amount)
