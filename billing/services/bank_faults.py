"""Lines of a bank's file that were not taken are kept, each with its reason and its text."""

import re
from collections.abc import Iterable

from billing.banks.reading import Fault
from billing.models import BankFile, BankFileFault
from bss.kernel.masking import masked_document
from bss.kernel.redaction import redacted

_ACCOUNT_NUMBER = re.compile(r"(?<![0-9A-Z])(?:\d{10,13}|\d{15,})(?!\d)")
TEXT_AT_MOST = 500


def keep_faults(file: BankFile, faults: Iterable[Fault]) -> int:
    """Keep those that are not kept yet; gives how many. Numbers of payers are masked."""
    known = set(file.faults.values_list("line_no", flat=True))
    fresh = [fault for fault in faults if fault.line_no not in known]
    BankFileFault.objects.bulk_create(
        [
            BankFileFault(
                file=file,
                line_no=fault.line_no,
                reason=fault.reason,
                line=_safe(fault.line, kind=file.kind)[:TEXT_AT_MOST],
            )
            for fault in fresh
        ],
        batch_size=2000,
    )
    return len(fresh)


def _safe(line: str, *, kind: str) -> str:
    text = redacted(line.strip())
    if kind == BankFile.Kind.ANSWER:  # it names no account
        return text
    return _ACCOUNT_NUMBER.sub(lambda found: masked_document(found[0]), text)
