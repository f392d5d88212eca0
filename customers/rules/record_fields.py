"""The customer record: the seven mandatory fields, and what a contact may be.

Source: S40-6, S40-7.
"""

import re
from collections.abc import Container
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFields:
    """What the counter's form holds of a customer."""

    name: str
    document_type: str = ""
    document_number: str = ""
    document_address: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    postal_address: str = ""


MANDATORY = (
    ("name", "客户名称"),
    ("document_type", "证件类型"),
    ("document_number", "证件号码"),
    ("document_address", "证件地址"),
    ("contact_name", "联系人"),
    ("contact_phone", "联系电话"),
    ("postal_address", "通信地址"),
)
PHONE = re.compile(r"\+?[0-9][0-9-]{4,18}")


def missing_fields(fields: RecordFields) -> tuple[str, ...]:
    """Which of the seven mandatory fields are empty, in the form's order. Source: S40-6."""
    return tuple(field for field, _ in MANDATORY if not getattr(fields, field).strip())


def contact_faults(
    *, name: str, phone: str, customer_name: str, opened_numbers: Container[str] = ()
) -> list[tuple[str, str]]:
    """What is wrong with a contact, as (field, sentence).

    A contact is another person than the customer, and the phone is the contact's own: not a number
    that is just being opened. Source: S40-7.
    """
    faults = []
    if name.strip() and name.strip() == customer_name.strip():
        faults.append(("contact_name", "联系人不能是客户本人（S40-7）。"))
    if phone.strip() and PHONE.fullmatch(phone.strip()) is None:
        faults.append(("contact_phone", "联系电话应为号码，如 13011112222 或 010-62000001。"))
    if phone.strip().replace("-", "") in opened_numbers:
        faults.append(("contact_phone", "联系电话不能是正在开通的号码（S40-7）。"))
    return faults
