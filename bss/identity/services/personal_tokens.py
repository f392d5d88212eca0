"""Personal tokens: given to a person for one purpose, shown once, taken back."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from bss.identity.models import PersonalToken
from bss.identity.rules.personal_tokens import SOURCE_RULE, check_lifetime
from bss.kernel import access, audit
from bss.kernel.errors import BadInputError
from bss.kernel.models import Staff
from bss.kernel.rulebook import refuse

NO_API_USE = "没有 api.use 权限，不能建立个人令牌"
SAME_NAME = "已有同名的令牌，请换一个用途，或先撤销原来的"


@transaction.atomic
def issue_token(*, staff_id: int, name: str, days: int, at: datetime) -> tuple[PersonalToken, str]:
    """A token for this person; gives it and its text, which nobody can read again.

    Raises: RefusedError without api.use; BadInputError for a name that is in use.
    """
    staff = Staff.objects.select_for_update().get(pk=staff_id)
    if not (staff.is_active and access.can(staff, "api.use")):
        raise refuse(SOURCE_RULE, NO_API_USE)
    check_lifetime(days)
    try:
        with transaction.atomic():
            token, text = PersonalToken.objects.create(
                user=staff, expiry=timedelta(days=days), name=name
            )
    except IntegrityError:
        raise BadInputError(("name", SAME_NAME)) from None
    _record("token.issued", token, at=at, by_id=staff_id, detail={"days": days})
    return token, text


@transaction.atomic
def revoke_token(*, digest: str, at: datetime, by_id: int, reason: str = "") -> PersonalToken:
    """Take a token back: it stops at once. Raises: PersonalToken.DoesNotExist."""
    token: PersonalToken = PersonalToken.objects.select_for_update().get(pk=digest)
    _record("token.revoked", token, at=at, by_id=by_id, reason=reason)
    PersonalToken.objects.filter(pk=digest).delete()
    return token


def _record(
    action: str,
    token: PersonalToken,
    *,
    at: datetime,
    by_id: int,
    reason: str = "",
    detail: dict[str, int] | None = None,
) -> None:
    audit.record(
        action=action,
        subject=f"token:{token.token_key}",
        at=at,
        staff_id=by_id,
        reason=reason,
        detail={"staff": token.user_id, "name": token.name, **(detail or {})},
    )
