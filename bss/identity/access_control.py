"""When and whence a person may work: asked at sign-in and before every act (S85-1, S85-3)."""

from dataclasses import dataclass
from datetime import datetime

from bss.identity.queries.access_control import Control, control_of
from bss.identity.rules.access_hours import is_from, is_open
from bss.kernel.errors import Sentence
from bss.kernel.models import Staff

CLOSED = "现在不在%(organisation)s的办理时间内（%(hours)s）。请在办理时间内再来。"
NO_HOURS_TODAY = "%(organisation)s今天不办理业务。请在办理时间内再来。"
ELSEWHERE = "不能从这个地址（%(address)s）工作。请在%(organisation)s的电脑上登录。"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why someone may not work now or from here."""

    sentence: Sentence
    is_about_time: bool = False


def refusal_of(staff: Staff, *, address: str, at: datetime) -> Refused | None:
    """Why this person may not work from here now, or None.

    Units: ``at`` is business time.
    """
    control = control_of(staff.organisation)
    if not is_from(control.networks, address=address):
        sentence = Sentence(ELSEWHERE, address=address, organisation=control.networks_of)
        return Refused(sentence)
    shut = closed(control, at=at)
    return Refused(shut, is_about_time=True) if shut else None


def closed(control: Control, *, at: datetime) -> Sentence | None:
    """Why not now; no hours: always open."""
    if not control.hours or any(is_open(window, at=at) for window in control.windows):
        return None
    today = [row for row in control.hours if row.day == at.weekday()]
    if not today:
        return Sentence(NO_HOURS_TODAY, organisation=control.hours_of)
    hours = f"{today[0].opens:%H:%M}–{today[0].closes:%H:%M}"
    return Sentence(CLOSED, organisation=control.hours_of, hours=hours)
