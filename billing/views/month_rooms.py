"""月结: the tabs that lead from one of its pages to the others."""

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.rejects import open_rejects
from billing.queries.usage_gaps import open_gaps


def tabs() -> list[tuple[str, str, str, int | str]]:
    """(key, label, address, how many wait there)."""
    return [
        ("months", _("各月"), reverse("billing:month"), ""),
        ("runs", _("运行记录"), reverse("billing:runs"), ""),
        ("files", _("话单文件"), reverse("billing:usage_files"), ""),
        ("gaps", _("缺号"), reverse("billing:usage_gaps"), open_gaps().count() or ""),
        ("rejects", _("错单"), reverse("billing:rejects"), open_rejects().count() or ""),
    ]


def crumbs(*last: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("月结"), reverse("billing:month")), *last]
