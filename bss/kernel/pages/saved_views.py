"""常用筛选: saving, finding and dropping a list's filters, each person's own."""

from django.db import transaction
from django.http import QueryDict

from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.models import SavedView, Staff

KEPT_AT_MOST = 12
SEARCHED = "q"
PASSING = ("page", "export", "view_name", SEARCHED)


def views_of(*, staff_id: int | None, path: str) -> list[SavedView]:
    """What this person has saved of this list, by name."""
    return list(SavedView.objects.filter(staff=staff_id, list=path).order_by("name"))


@transaction.atomic
def save_view(*, staff_id: int, path: str, name: str, query: str) -> SavedView:
    """Keep these filters under a name; the name again means: these instead.

    Locks:  the person, so that the limit holds.
    Raises: BadInputError.
    """
    name, query = name.strip(), lasting(query)
    if not 0 < len(name) <= 20:
        raise BadInputError(("view_name", "请为常用筛选取名，至多 20 个字。"))
    if not query or len(query) > 1000:
        raise BadInputError(("view_name", "没有可以保存的筛选，请先筛选再保存。"))
    Staff.objects.select_for_update().get(pk=staff_id)
    others = SavedView.objects.filter(staff=staff_id, list=path).exclude(name=name)
    if others.count() >= KEPT_AT_MOST:
        raise BadInputError(
            (
                "view_name",
                Sentence("每个列表至多 %(most)s 个常用筛选，请先删除。", most=KEPT_AT_MOST),
            )
        )
    view, _made = SavedView.objects.update_or_create(
        staff_id=staff_id, list=path, name=name, defaults={"query": query}
    )
    return view


def drop_view(*, staff_id: int, view_id: int) -> bool:
    """Whether there was one of this person's own to drop."""
    gone, _rows = SavedView.objects.filter(staff=staff_id, pk=view_id).delete()
    return bool(gone)


def lasting(query: str) -> str:
    """The part of a query that makes a view: filters and order, not the place in it.

    Nor the words searched for: somebody's name or number of document is not to lie about here.
    """
    asked = QueryDict(query, mutable=True)
    for name in PASSING:
        asked.pop(name, None)
    for name in [name for name, values in asked.lists() if not any(values)]:
        asked.pop(name)
    return asked.urlencode()
