"""How figures, moments and personal data are written on pages; every page writes them alike."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bss.kernel.pages.exports import plain

NOTHING = "—"
_MINUS = "\u2212"


def grouped(number: int) -> str:
    """A whole number with thousands separators and a real minus: -1234 -> "−1,234"."""
    return f"{number:,}".replace("-", _MINUS)


def amount(amount_fen: int | None) -> str:
    """Fen as a bare figure for columns headed 元: 123450 -> "1,234.50"."""
    if amount_fen is None:
        return NOTHING
    sign = _MINUS if amount_fen < 0 else ""
    whole, part = divmod(abs(amount_fen), 100)
    return f"{sign}{whole:,}.{part:02d}"


def signed(amount_fen: int) -> str:
    """A difference with its sign always: 123450 -> "+1,234.50". Units: fen."""
    return f"+{amount(amount_fen)}" if amount_fen > 0 else amount(amount_fen)


def yuan(amount_fen: int | None) -> SafeString | str:
    """Fen with its unit: 123450 -> "1,234.50 元". Units: fen."""
    if amount_fen is None:
        return NOTHING
    return _with_unit(amount(amount_fen), _("元"), minus=amount_fen < 0)


def on_its_side(amount_fen: int) -> str:
    """A balance as books write it: -123450 -> "借 1,234.50", 0 -> "平" (docs/adr). Units: fen."""
    if not amount_fen:
        return _("平")
    side = _("贷") if amount_fen > 0 else _("借")
    return f"{side} {amount(abs(amount_fen))}"


def hao(price_hao: int | None) -> SafeString | str:
    """A unit price with the digits it needs, at least two: 1500 -> "0.15 元". Units: hao."""
    if price_hao is None:
        return NOTHING
    whole, part = divmod(abs(price_hao), 10_000)
    decimals = f"{part:04d}"
    sign = _MINUS if price_hao < 0 else ""
    figure = f"{sign}{whole:,}.{decimals[:2]}{decimals[2:].rstrip('0')}"
    return _with_unit(figure, _("元"), minus=price_hao < 0)


def minutes(count: int | None) -> SafeString | str:
    """Minutes with their unit: 1234 -> "1,234 分钟"."""
    return NOTHING if count is None else _with_unit(grouped(count), _("分钟"))


def volume(volume_kb: int | None) -> SafeString | str:
    """Data volume in the unit that people read: 1536 -> "1.5 MB". Units: KB of 1,024 bytes."""
    if volume_kb is None:
        return NOTHING
    for unit, size in (("GB", 1024 * 1024), ("MB", 1024)):
        if abs(volume_kb) >= size:
            return _with_unit(f"{volume_kb / size:,.1f}".removesuffix(".0"), unit)
    return _with_unit(grouped(volume_kb), "KB")


def speed(speed_kbps: int | None) -> SafeString | str:
    """Line speed: 4096 -> "4 Mbps", 512 -> "512 kbps"."""
    if speed_kbps is None:
        return NOTHING
    if speed_kbps >= 1024 and speed_kbps % 1024 == 0:
        return _with_unit(grouped(speed_kbps // 1024), "Mbps")
    return _with_unit(grouped(speed_kbps), "kbps")


def duration(duration_s: int | None) -> str:
    """The length of a call: 3671 -> "1:01:11", 71 -> "1:11"."""
    if duration_s is None:
        return NOTHING
    hours, rest = divmod(duration_s, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def cell(value: object) -> str:
    """Any value as a printed table shows it: moments in local time, nothing as a dash."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(plain(value)) if value not in (None, "") else NOTHING


def mask_number(number: str | None) -> str:
    """A service number with its middle hidden: 13812345678 -> "138****5678"."""
    digits = str(number or "")
    if len(digits) < 7:
        return digits or NOTHING
    head = 3 if len(digits) >= 10 else 1
    return f"{digits[:head]}{'*' * (len(digits) - head - 4)}{digits[-4:]}"


def mask_name(name: str | None) -> str:
    """A person's name with all but its first character hidden: 欧阳小明 -> "欧***"."""
    text = str(name or "").strip()
    return text[0] + "*" * (len(text) - 1) if text else NOTHING


def mask_document(number: str | None) -> str:
    """A document number with its middle hidden; the ends are enough to compare with a paper."""
    text = str(number or "").strip()
    if len(text) <= 8:
        return re.sub(r".(?=.{2})", "*", text) or NOTHING
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"


def _with_unit(figure: str, unit: str, *, minus: bool = False) -> SafeString:
    return format_html(
        '<span class="money{}">{} <span class="unit">{}</span></span>',
        " minus" if minus else "",
        figure,
        unit,
    )
