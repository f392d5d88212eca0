"""Where an account wants to be told, and in which language."""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from billing.models import NoticeAddress
from billing.queries.locked import lock_account
from bss.kernel import audit
from bss.kernel.errors import BadInputError

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
NO_MOBILE = "通知手机应为 11 位手机号码。"
NO_EMAIL = "通知邮箱不是邮箱地址，请核对。"


@transaction.atomic
def set_address(
    *,
    account_id: int,
    mobile: str,
    email: str,
    language: str,
    clear: bool = False,
    at: datetime,
    by_id: int,
) -> NoticeAddress:
    """Where it is told from now on; what is left empty stays, unless everything is cleared.

    Without a mobile it is the main contact's.

    Raises: BadInputError. Locks: the account.
    """
    account = lock_account(account_id)
    mobile, email = mobile.strip(), email.strip()
    faults = []
    if mobile and not MOBILE.fullmatch(mobile):
        faults.append(("mobile", NO_MOBILE))
    if email and not _is_email(email):
        faults.append(("email", NO_EMAIL))
    if faults:
        raise BadInputError(*faults)
    address = NoticeAddress.objects.filter(account=account).first() or NoticeAddress(
        account=account
    )
    if clear:
        address.mobile = address.email = ""
    address.mobile = mobile or address.mobile
    address.email = email or address.email
    address.language = language
    address.save()
    audit.record(
        action="notice_address.set",
        subject=f"account:{account.pk}",
        customer_id=account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"mobile": bool(address.mobile), "email": bool(address.email), "language": language},
    )
    return address


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
