"""People and requests for the tests of oversight."""

from datetime import datetime

from bss.kernel import approvals
from bss.kernel.models import Approval, Organisation, Staff
from bss.kernel.periods import local_moment

MORNING: datetime = local_moment("2026-10-15T10:00")


def a_hall() -> Organisation:
    return Organisation.objects.create(code="H-1", name="测试一厅", level="hall")


def a_request(asker: Staff, *, name: str = "测试新厅", at: datetime = MORNING) -> Approval:
    """Somebody asks to give a hall another name."""
    hall = Organisation.objects.filter(code="H-1").first() or a_hall()
    return approvals.ask(
        kind="hall.rename",
        payload={"hall": hall.pk, "name": name},
        asked_by_id=asker.pk,
        at=at,
        reason="门牌已换。",
    )


def proved(client, staff: Staff):
    """Signed in, and having just proved who they are."""
    client.force_login(staff)
    return client
