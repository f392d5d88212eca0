"""The file for a customer who asks what is held about them: JSON, XLSX, PDF and copies, zipped."""

import io
import json
import zipfile
from base64 import b64decode
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from openpyxl import Workbook

from bss.kernel import audit
from bss.kernel.errors import BadInputError
from bss.kernel.pages.exports import harmless, plain
from bss.kernel.papers import render_pdf
from bss.kernel.redaction import redacted
from bss.oversight.queries.subject import Section, sections_of
from customers.models import Customer, DocumentCopy
from customers.services.reveal import opened

ERASED = "此客户的个人信息已经删除，没有可以导出的资料。"
PRINTED_AT_MOST = 50
"""Rows of one section on paper; the spreadsheet beside it has them all."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


@transaction.atomic
def export_subject(*, customer_id: int, reason: str, viewer: str, at: datetime) -> bytes:
    """Everything of one customer as a zip; that it was read is audited.

    Raises: BadInputError; Customer.DoesNotExist; PapersUnavailable.
    """
    customer = Customer.objects.select_related("account_manager").get(pk=customer_id)
    if customer.erased_at is not None:
        raise BadInputError(("", ERASED))
    audit.read_personal(
        kind="subject_export", customer_ids=[customer.pk], at=at, reason=redacted(reason)[:200]
    )
    sections = sections_of(customer, opened(customer))
    paper = render_pdf(
        "papers/subject.html",
        {
            "customer": customer,
            "sections": [section for section in sections if section.rows],
            "empty": [section.title for section in sections if not section.rows],
            "most": PRINTED_AT_MOST,
            "made_at": at,
            "viewer": viewer,
        },
    )
    return _zipped(
        [
            (f"{customer.code}.json", _as_json(customer, sections, at=at)),
            (f"{customer.code}.xlsx", _as_xlsx(sections)),
            (f"{customer.code}.pdf", paper),
            *_copies(customer),
        ]
    )


def _as_json(customer: Customer, sections: Iterable[Section], *, at: datetime) -> bytes:
    whole: dict[str, Any] = {"customer": customer.code, "made_at": at}
    for section in sections:
        keys = [key for key, _ in section.columns]
        whole[section.code] = [dict(zip(keys, row, strict=True)) for row in section.rows]
    text = json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    return text.encode()


def _as_xlsx(sections: Iterable[Section]) -> bytes:
    book = Workbook(write_only=True)
    for section in sections:
        sheet = book.create_sheet(section.title[:31])
        sheet.append([label for _, label in section.columns])
        for row in section.rows:
            sheet.append([harmless(plain(cell)) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _copies(customer: Customer) -> list[tuple[str, bytes]]:
    copies = DocumentCopy.objects.filter(document__customer=customer).order_by("pk")
    return [
        (f"documents/{n}-{one.side}.{ENDINGS.get(one.content_type, 'bin')}", b64decode(one.content))
        for n, one in enumerate(copies, start=1)
    ]


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return content.getvalue()
