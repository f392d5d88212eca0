"""A list as a file: CSV that Excel opens in Chinese, or XLSX."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from openpyxl import Workbook

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_AMOUNT = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_NOT_IN_SHEET_TITLES = re.compile(r"[\\/*?:\[\]]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def table_as_csv(
    labels: Sequence[str], lines: Iterable[Sequence[object]], *, filename: str
) -> HttpResponse:
    """UTF-8 with a byte order mark, which Excel needs to read Chinese."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(labels)
    writer.writerows([harmless(plain(cell)) for cell in line] for line in lines)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv")
    return _named(response, f"{filename}.csv")


def table_as_xlsx(
    labels: Sequence[str], lines: Iterable[Sequence[object]], *, filename: str
) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NOT_IN_SHEET_TITLES.sub(" ", filename)[:31])
    sheet.append(list(labels))
    for line in lines:
        sheet.append([harmless(plain(cell)) for cell in line])
    content = io.BytesIO()
    book.save(content)
    return _named(HttpResponse(content.getvalue(), content_type=_XLSX), f"{filename}.xlsx")


def plain(cell: object) -> object:
    """Numbers stay numbers; moments are written in local time without a zone."""
    if isinstance(cell, datetime):
        return timezone.localtime(cell).replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, int | float) else "" if cell is None else str(cell)


def harmless(cell: object) -> object:
    """Text that a spreadsheet would run as a formula is kept as text; an amount is none."""
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULA_STARTS)
    if is_formula and not _AMOUNT.fullmatch(str(cell)):
        return f"'{cell}"
    return cell


def _named(response: HttpResponse, filename: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response
