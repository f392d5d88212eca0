"""One page of a list: count, order, filters and place, all of them in the URL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.core.paginator import Page, Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token

from bss.kernel import access
from bss.kernel.models import SavedView
from bss.kernel.pages import bulk_export
from bss.kernel.pages.exports import table_as_csv, table_as_xlsx
from bss.kernel.pages.said import said
from bss.kernel.pages.saved_views import lasting, views_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EXPORTED_ROWS_AT_MOST = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. ``order_by`` makes it sortable; ``value`` puts it into exports.

    One that is ``hidden`` is in exports alone: a code beside the words that people read.
    """

    name: str
    label: "StrOrPromise"
    order_by: tuple[str, ...] = ()
    value: Callable[[Any], object] | None = None
    num: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column's head as the page shows it."""

    label: "StrOrPromise"
    num: bool
    url: str
    sorted: str  # "ascending", "descending" or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What can be done with what the list shows: a page that is told the same filters."""

    label: str
    url: str
    icon: str = ""


class ListPage:
    """What ``{% table %}`` shows: a slice of ``rows`` and the links around it.

    ``rows`` is a queryset (filtered already, for example by a FilterSet). ``sort`` is the
    column that orders the list when the URL names none, with ``-`` for descending.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: Any,
        *,
        columns: Sequence[Column],
        sort: str,
        form: BaseForm | None = None,
        per_page: int = 25,
        export_permission: str = bulk_export.PERMISSION,
        ways: Sequence[Way] = (),
    ) -> None:
        self.request = request
        self.query: QueryDict = request.GET
        self.path = request.path
        self.columns = tuple(columns)
        self.form = form
        self.per_page = per_page
        self.export_permission = export_permission
        self.ways = ways
        self.sort = self._known_sort(self.query.get("sort", "")) or sort
        self._rows = rows

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self.ordered, self.per_page).get_page(self.query.get("page"))

    @cached_property
    def ordered(self) -> Any:
        """All rows in the order asked for; the primary key makes it total."""
        column = next(c for c in self.columns if c.name == self.sort.lstrip("-"))
        down = self.sort.startswith("-")
        names = [_turned(name) if down else name for name in column.order_by]
        return self._rows.order_by(*names, "pk")

    @property
    def rows(self) -> Sequence[Any]:
        return cast(Sequence[Any], self.page.object_list)

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def is_filtered(self) -> bool:
        return any(value for name, value in self.query.items() if name not in ("sort", "page"))

    @cached_property
    def saved_views(self) -> list[SavedView]:
        """This person's own views of this list."""
        return views_of(staff_id=self.request.user.pk, path=self.path)

    @property
    def lasting_query(self) -> str:
        return lasting(self.query.urlencode())

    @property
    def can_be_saved(self) -> bool:
        """It is filtered in a way that has no name yet."""
        named = {view.query for view in self.saved_views}
        return self.is_filtered and bool(self.lasting_query) and self.lasting_query not in named

    @property
    def csrf_token(self) -> str:
        return get_token(self.request)

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns if not column.hidden]

    @property
    def pages(self) -> list[tuple[int | str, str]]:
        """(number, URL) of the pages to link; a gap is ("…", "")."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1)
        return [(n, self.url(page=n) if isinstance(n, int) else "") for n in numbers]

    @property
    def previous_url(self) -> str:
        if not self.page.has_previous():
            return ""
        return self.url(page=self.page.previous_page_number())

    @property
    def next_url(self) -> str:
        return self.url(page=self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def can_export(self) -> bool:
        staff = getattr(self.request, "user", None)
        return self._has_file and access.can(staff, self.export_permission)

    @property
    def _has_file(self) -> bool:
        return any(column.value for column in self.columns)

    @property
    def csv_url(self) -> str:
        return self.url(export="csv")

    @property
    def xlsx_url(self) -> str:
        return self.url(export="xlsx")

    def url(self, **changes: object) -> str:
        """This list with some of its query changed; ``None`` takes a name out."""
        query = self.query.copy()
        query.pop("export", None)
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        return f"{self.path}?{query.urlencode()}"

    def exported(self, title: Any) -> HttpResponse | None:
        """What ``?export=csv`` or ``xlsx`` asks for, or None: show the page.

        It is the file, or for a long list the page that asks a second person for it. ``title`` is
        a lazy text or a ``Sentence``: the file is called so in the asker's language, and who
        approves reads it in their own.
        """
        kind = self.query.get("export")
        if kind not in ("csv", "xlsx") or not self._has_file:
            return None

        def write() -> HttpResponse:
            return self._file(said(title), table_as_csv if kind == "csv" else table_as_xlsx)

        return bulk_export.export(self.request, self, title=title, write=write)

    def _file(self, filename: str, write: Callable[..., HttpResponse]) -> HttpResponse:
        columns = [(c.label, c.value) for c in self.columns if c.value]
        labels = [str(label) for label, _ in columns]
        lines = (
            [value(row) for _, value in columns] for row in self.ordered[:EXPORTED_ROWS_AT_MOST]
        )
        return write(labels, lines, filename=filename)

    def _known_sort(self, asked: str) -> str:
        sortable = {column.name for column in self.columns if column.order_by}
        return asked if asked.removeprefix("-") in sortable else ""

    def _heading(self, column: Column) -> Heading:
        if not column.order_by:
            return Heading(label=column.label, num=column.num, url="", sorted="")
        up = self.sort == column.name
        state = "ascending" if up else "descending" if self.sort == f"-{column.name}" else ""
        return Heading(
            label=column.label,
            num=column.num,
            url=self.url(sort=f"-{column.name}" if up else column.name, page=None),
            sorted=state,
        )


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"
