"""Cases by their number, subject or customer."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bss.desk.search import Group, Hit
from bss.kernel import access
from complaints.queries.lists import cases_for, containing


def find_cases(text: str, staff: Any, limit: int) -> Group | None:
    """The newest cases that contain the text, for those who may see cases."""
    if not access.admit(staff, "case.view"):
        return None
    found = list(cases_for(staff).filter(containing(text)).order_by("-id")[: limit + 1])
    return Group(
        title=_("案件"),
        hits=tuple(
            Hit(
                title=case.subject,
                url=reverse("complaints:case", args=[case.code]),
                detail=case.code,
                icon="case",
                kind="case",
                state=case.state,
                exact=case.code == text.upper(),
            )
            for case in found[:limit]
        ),
        more_url=f"{reverse('complaints:list')}?{urlencode({'q': text, 'view': 'all'})}"
        if len(found) > limit
        else "",
    )
