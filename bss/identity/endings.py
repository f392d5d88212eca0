"""Why a session ended, said to the person it belonged to."""

from django.utils import timezone
from django.utils.translation import gettext as _

from bss.identity.models import WorkSession


def sentence_of(why: str, *, ended: WorkSession | None = None) -> str:
    """One sentence; what one's own sign-out needs: none."""
    when = timezone.localtime(ended.ended_at).strftime("%H:%M") if ended and ended.ended_at else ""
    facts = {"time": when, "address": ended.ended_from if ended else ""}
    sentences = {
        "elsewhere": _(
            "您的工号 %(time)s 在另一处（%(address)s）登录，这里已退出。"
            "不是您本人时，请马上找安全管理员。"
        ),
        "idle": _("您有一段时间没有操作，为了安全已退出。请重新登录，没提交的内容还在。"),
        "expired": _("这次登录到了最长时间，已退出。请重新登录，没提交的内容还在。"),
        "closed": _("您在 %(time)s 结束了这次登录。"),
        "by_officer": _("安全管理员在 %(time)s 结束了这次登录。有疑问请找安全管理员。"),
        "disabled": _("这个工号已停用。请找安全管理员。"),
    }
    return sentences[why] % facts if why in sentences else ""
