"""Accounts in outside systems, and a few people who came, moved on or have yet to begin."""

from datetime import datetime, timedelta

from bss.identity.models import OutsideSystem
from bss.identity.services.staff_entry import hire
from bss.identity.services.staff_leaving import leave
from bss.identity.services.sub_accounts import follow_roles
from bss.kernel.models import Organisation, Staff

# code, name, the roles it comes with
SYSTEMS = (
    ("OA", "办公自动化", ()),
    ("RES", "号线资源管理", ("clerk", "account_manager")),
    ("CALL", "客服呼叫平台", ("agent",)),
    ("BI", "经营分析", ("supervisor", "batch_operator", "hq_viewer")),
)
FOUNDED = "建帐初始化"


def connect_systems(*, at: datetime) -> None:
    """Register the outside systems and open what everybody's roles bring."""
    for code, name, roles in SYSTEMS:
        OutsideSystem.objects.create(code=code, name=name, role_codes=list(roles))
    for staff in Staff.objects.order_by("pk"):
        follow_roles(staff, at=at, by_id=None, reason=FOUNDED)


def come_and_go(*, at: datetime) -> None:
    """One who came and left again, and one who has come and not yet signed in."""
    officer = Staff.objects.get(username="security01")
    hall = Organisation.objects.get(code="HE031101")
    by = {"by_id": officer.pk, "organisation_id": hall.pk, "role_codes": ()}
    gone = hire(
        number="clerk07", name="冯春", phone="13900003107", reason="人事通知 2026-031", at=at, **by
    )
    leave(
        staff_id=gone.staff.pk,
        successor_id=None,
        reason="人事通知 2026-058",
        by_id=officer.pk,
        at=at + timedelta(days=20),
    )
    hire(
        number="clerk08",
        name="秦朗",
        phone="13900003108",
        reason="人事通知 2026-060",
        at=at + timedelta(days=21),
        **by,
    )
