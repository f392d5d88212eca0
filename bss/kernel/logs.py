"""No personal data in logs: every record of this process is redacted as it is made.

It holds for all loggers (ours, Django's, Celery's, gunicorn's) whatever handler writes them:
the message, its arguments, and the traceback with what the database says about a failing row.
"""

import logging
import re
import traceback
from typing import Any

from bss.kernel.redaction import redacted

# "DETAIL:  Failing row contains (…)", "Key (number)=(…) already exists", "[parameters: …]"
_ROW = re.compile(r"(?m)^(DETAIL|CONTEXT|STATEMENT|HINT):.*(?:\n(?=[\t ]).*)*")


def install() -> None:
    """From now on no record of this process carries personal data; may be called twice."""
    if logging.getLogRecordFactory() is not _redacted_record:
        logging.setLogRecordFactory(_redacted_record)


def clean(text: str) -> str:
    """What a log may say of ``text``: nothing of a database's row, nothing personal."""
    return redacted(_ROW.sub(r"\1: …", text))


def error_line(error: BaseException) -> str:
    """An error in one line for a table: its class and what it says, cleaned."""
    return clean(f"{type(error).__name__}: {error}")


def _redacted_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    try:
        record.msg, record.args = clean(record.getMessage()), None
    except (TypeError, ValueError):
        record.msg, record.args = clean(str(record.msg)), None
    if record.exc_info and record.exc_info[0] is not None:
        record.exc_text = clean("".join(traceback.format_exception(*record.exc_info)).rstrip())
    if record.stack_info:
        record.stack_info = clean(record.stack_info)
    return record
