"""Everything that is held about one customer, section by section, as the customer may have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from bss.oversight.queries.subject_tables import TABLES, Table
from customers.models import Contact, Customer, Document, DocumentCopy
from customers.services.reveal import InClear

IN_CLEAR: tuple[type[Model], ...] = (Customer, Document, DocumentCopy, Contact)
"""Told from what was opened for it, the copies as files of their own."""
Row = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of data: its columns as (key, label), and its rows."""

    code: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def told() -> set[type[Model]]:
    """Every model whose rows are told."""
    return {*IN_CLEAR, *(model for table in TABLES for model in (table.model, *table.within))}


def sections_of(customer: Customer, in_clear: InClear) -> list[Section]:
    """All sections, also the empty ones: that there is nothing is an answer, too."""
    return [
        _record(customer, in_clear),
        _documents(in_clear),
        _contacts(in_clear),
        *(_section(table, customer) for table in TABLES),
    ]


def _section(table: Table, customer: Customer) -> Section:
    values = [value for _label, value in table.columns.values()]
    return Section(
        code=table.code,
        title=str(table.title),
        columns=tuple((key, str(label)) for key, (label, _value) in table.columns.items()),
        rows=tuple(tuple(value(row) for value in values) for row in table.rows_of(customer.pk)),
    )


def _record(customer: Customer, in_clear: InClear) -> Section:
    facts = (
        (_("客户编号"), customer.code),
        (_("客户名称"), in_clear.name),
        (_("类型"), _(customer.get_kind_display())),
        (_("名单"), _(customer.get_listed_display())),
        (_("名单原因"), customer.listed_reason),
        (_("长途区号"), customer.area),
        (_("通信地址"), in_clear.postal_address),
        (_("客户经理"), str(customer.account_manager or "")),
        (_("登记时间"), customer.registered_at),
    )
    return Section(
        code="record",
        title=_("客户资料"),
        columns=(("field", _("项目")), ("value", _("内容"))),
        rows=facts,
    )


def _documents(in_clear: InClear) -> Section:
    return Section(
        code="documents",
        title=_("证件"),
        columns=_columns(
            type=_("证件类型"),
            number=_("证件号码"),
            address=_("证件地址"),
            verified=_("已核验"),
            recorded_at=_("登记时间"),
        ),
        rows=tuple(
            (_(one.get_type_display()), one.number, one.address, one.verified, one.recorded_at)
            for one in in_clear.documents
        ),
    )


def _contacts(in_clear: InClear) -> Section:
    return Section(
        code="contacts",
        title=_("联系人"),
        columns=_columns(name=_("姓名"), phone=_("电话"), position=_("职务")),
        rows=tuple((one.name, one.phone, one.position) for one in in_clear.contacts),
    )


def _columns(**labels: str) -> tuple[tuple[str, str], ...]:
    return tuple(labels.items())
