"""A member of staff at a hall, with one of everything that belongs to a person or to a place."""

from datetime import datetime, time, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from oauth2_provider.models import Application

from bss.identity.models import (
    InterfaceNumber,
    OutsideSystem,
    PersonalToken,
    Recovery,
    SubAccount,
    WorkSession,
)
from bss.identity.services.recovery import RECOVER
from bss.identity.services.staff_roles import GRANT
from bss.kernel import approvals
from bss.kernel.clock import real_now
from bss.kernel.models import Approval, Organisation, SavedView, Staff
from bss.oversight.models import RelativeNumber, SecurityCase
from tests.builders.staff import a_role


def about_a_colleague(number: int, hall: Organisation, *, at: datetime) -> dict[str, str]:
    """What fills the places of addresses about staff."""
    colleague = Staff.objects.create_user(
        username=f"colleague{number}", display_name=f"测试同事{number}", organisation=hall
    )
    colleague.roles.add(a_role("clerk"))
    return {
        "staff": colleague.username,
        "interface": _interface(number, hall, responsible=colleague, at=at),
        "system": "OA",
        "token": PersonalToken.objects.create(
            user=colleague, name="同事的", last_used_at=real_now()
        )[0].token_key,
        **{name: str(row.pk) for name, row in _of_their_own(number, colleague, at=at).items()},
        **{name: str(row.pk) for name, row in _about(number, colleague, at=at).items()},
    }


def _of_their_own(number: int, colleague: Staff, *, at: datetime) -> dict[str, Any]:
    """What is nobody's but theirs; the approval is asked by them, for themselves."""
    system, _ = OutsideSystem.objects.get_or_create(code="OA", name="办公系统")
    return {
        "approval": approvals.ask(
            kind=GRANT,
            payload={"staff_id": colleague.pk, "roles": ["agent"]},
            asked_by_id=colleague.pk,
            at=at,
            reason="试验申请",
        ),
        "sub_account": SubAccount.objects.create(
            staff=colleague, system=system, account_name=f"oa{number}", valid_from=at
        ),
        "session": WorkSession.objects.create(
            staff=colleague,
            session_key=f"session-of-{number}",
            means=WorkSession.Means.choices[0][0],
            address="127.0.0.1",
            started_at=real_now(),
            seen_at=real_now(),
            idle_until=real_now() + timedelta(hours=1),
            ends_at=real_now() + timedelta(hours=2),
        ),
        "passkey": Authenticator.objects.create(
            user=colleague, type=Authenticator.Type.WEBAUTHN, data={"name": "钥匙"}
        ),
        "saved_view": SavedView.objects.create(
            staff=colleague, list="/customers/", name="常用", query="q=1"
        ),
    }


def _about(number: int, colleague: Staff, *, at: datetime) -> dict[str, Any]:
    """What others keep of them."""
    return {
        "recovery": _recovery(colleague, at=at),
        "security_case": SecurityCase.objects.create(
            rule="night",
            whom=f"staff:{colleague.pk}",
            staff=colleague,
            opened_at=at,
            last_hit_at=at,
        ),
        "relative": RelativeNumber.objects.create(
            staff=colleague, number=f"1301111900{number}", relation="spouse", registered_at=at
        ),
        "lockout": AccessAttempt.objects.create(
            username=colleague.username, ip_address="127.0.0.1", failures_since_start=9
        ),
    }


def _recovery(colleague: Staff, *, at: datetime) -> Recovery:
    """Asked by the security officer, allowed, not handed over yet."""
    agreed = Approval.objects.create(
        kind=RECOVER,
        payload={"staff_id": colleague.pk, "lost_second_factor": False},
        shown=[],
        digest="",
        reason="试验恢复",
        asked_by=Staff.objects.get(username="security_officer"),
        asked_at=at,
        expires_at=at + timedelta(hours=2),
    )
    Approval.objects.filter(pk=agreed.pk).update(
        state=Approval.State.APPROVED,
        decided_by=Staff.objects.get(username="auditor"),
        decided_at=at,
    )
    return Recovery.objects.create(
        staff=colleague,
        approval=agreed,
        asked_by=agreed.asked_by,
        lost_second_factor=False,
        approved_at=at,
        valid_until=at + timedelta(days=2),
    )


def _interface(number: int, hall: Organisation, *, responsible: Staff, at: datetime) -> str:
    application = Application.objects.create(
        name=f"接口{number}",
        client_id=f"IF-{number}",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
    )
    InterfaceNumber.objects.create(
        number=f"IF-{number}",
        kind=InterfaceNumber.Kind.BANK,
        organisation=hall,
        name=f"接口{number}",
        responsible=responsible,
        opens=time(8),
        closes=time(18),
        application=application,
        opened_at=at,
    )
    return f"IF-{number}"
