"""Usage files as their list finds them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from billing.models import UsageFile, UsageGap
from bss.kernel.periods import day_start


def files_found(asked: Mapping[str, Any]) -> QuerySet[UsageFile]:
    """Those that fit: switch, day of loading, with rejects alone, text in the name or number."""
    files = UsageFile.objects.all()
    if asked.get("switch"):
        files = files.filter(switch=asked["switch"])
    if day := asked.get("day"):
        begin = day_start(day)
        files = files.filter(loaded_at__gte=begin, loaded_at__lt=begin + timedelta(days=1))
    if asked.get("rejects"):
        files = files.filter(rejected__gt=0)
    if text := (asked.get("q") or "").strip():
        named = Q(name__icontains=text)
        is_number = text.isdecimal() and len(text) <= 18
        files = files.filter(named | Q(sequence=int(text)) if is_number else named)
    return files


def files_around(gap: UsageGap) -> tuple[UsageFile | None, UsageFile | None]:
    """The switch's last file before the gap, and its first one after it."""
    files = UsageFile.objects.filter(switch=gap.switch)
    before = files.filter(sequence__lt=gap.first).order_by("-sequence").first()
    return before, files.filter(sequence__gt=gap.last).order_by("sequence").first()
