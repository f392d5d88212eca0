"""What a bank sent, as lines of text: GB18030, UTF-8 with or without its mark, or a spreadsheet."""

import codecs
import csv
import io
import zipfile
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bss.kernel.errors import BadInputError

SPREADSHEET = b"PK\x03\x04"
LINES_AT_MOST = 1_000_000
NOT_TEXT = "文件不是文本也不是 XLSX，请核对后重新选择文件。"
UNREADABLE = "文件既不是 UTF-8 也不是 GB18030 编码，请向银行索取原文件。"
BROKEN_SHEET = "XLSX 文件不完整或已加密，请另存后重新选择文件。"
EMPTY = "文件是空的，请核对后重新选择文件。"
TOO_LONG = "文件超过一百万行，请分成几个文件。"


def lines_of(content: bytes) -> list[str]:
    """The file's lines without their ends; empty ones are kept, so that numbers stay.

    Raises: BadInputError in one sentence.
    """
    if not content.strip():
        raise BadInputError(("", EMPTY))
    lines = _of_sheet(content) if content.startswith(SPREADSHEET) else _of_text(content)
    while lines and not lines[-1].strip("\x1a\t ,"):
        lines.pop()
    if len(lines) > LINES_AT_MOST:
        raise BadInputError(("", TOO_LONG))
    return lines


def _of_text(content: bytes) -> list[str]:
    if b"\x00" in content:
        raise BadInputError(("", NOT_TEXT))
    return _decoded(content).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if content.startswith(codecs.BOM_UTF8):
            raise BadInputError(("", UNREADABLE)) from None
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        raise BadInputError(("", UNREADABLE)) from None


def _of_sheet(content: bytes) -> list[str]:
    """The first sheet's rows, each as a line of CSV."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True)):
            if number > LINES_AT_MOST:
                raise BadInputError(("", TOO_LONG))
            cells = [_written(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            writer.writerow([cell.replace("\n", " ").replace("\r", " ") for cell in cells])
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise BadInputError(("", BROKEN_SHEET)) from error
    return text.getvalue().split("\n")


def _written(cell: object) -> str:
    """A cell as CSV would have it: days without dashes, amounts with two digits."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y%m%d}"
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return str(cell)
