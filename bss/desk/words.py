"""Time left and time over, in words. static/js/countdowns.js says the same in the browser."""

from django.utils.translation import gettext as _


def time_left(seconds: int) -> str:
    """3700 -> "剩 1 小时 1 分"; -60 -> "超时 1 分"."""
    words = time_words()
    left = abs(seconds)
    days, hours, minutes = left // 86400, left // 3600 % 24, left // 60 % 60
    if days:
        parts = [(days, words["day"]), (hours, words["hour"])]
    elif hours:
        parts = [(hours, words["hour"]), (minutes, words["minute"])]
    elif minutes > 4:
        parts = [(minutes, words["minute"])]
    else:
        parts = [(minutes, words["minute"]), (left % 60, words["second"])]
    last = len(parts) - 1
    text = " ".join(
        f"{count} {unit}" for at, (count, unit) in enumerate(parts) if count or at == last
    )
    return words["over" if seconds < 0 else "left"].replace("%s", text)


def time_words() -> dict[str, str]:
    """The words of a countdown in the language in force."""
    return {
        "day": _("天"),
        "hour": _("小时"),
        "minute": _("分"),
        "second": _("秒"),
        "left": _("剩 %s"),
        "over": _("超时 %s"),
    }
