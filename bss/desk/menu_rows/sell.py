"""服务: cases and channels."""

from django.utils.translation import gettext_noop as _n

from bss.desk.menu_entry import Entry

GROUP = _n("服务")

ENTRIES = (
    Entry(
        url_name="complaints:list",
        label=_n("案件"),
        icon="case",
        key="c",
        permission="case.view",
        group=GROUP,
    ),
    Entry(
        url_name="channels:list",
        label=_n("渠道"),
        icon="channel",
        key="q",
        permission="channel.view",
        group=GROUP,
    ),
)
