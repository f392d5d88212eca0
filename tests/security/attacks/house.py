"""The house under attack: the demo operator in small, walked by every role."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from urllib.parse import urlsplit

from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from bss.kernel.models import Staff
from bss.kernel.periods import Month
from tests.builders.staff import a_staff
from tests.security.attacks.forms import Form, read_page

ROLES = (
    "supervisor", "clerk", "account_manager", "agent", "batch_operator", "security_officer",
    "auditor", "hq_viewer",
)  # fmt: skip
OF_EACH_KIND = 1
BUSINESS_TIME = "2026-11-10T10:00"
# Sign out, another language: following them would end the walk or change what it sees.
NOT_FOLLOWED = {"logout", "set_language", "theme"}
# Where the forms lead that stand on every page or list: one of each shape is all of them.
FROM_EVERYWHERE = {"logout", "set_language", "theme", "search", "desk:save_view"}


@dataclass(slots=True)
class Walk:
    """What one person came across: pages by kind, and the forms on them, each shape once.

    ``papers`` are those of the pages that answered with a file.
    """

    staff: Staff
    pages: dict[str, list[str]] = field(default_factory=dict)
    papers: set[str] = field(default_factory=set)
    forms: dict[tuple[str, object], Form] = field(default_factory=dict)

    @property
    def urls(self) -> Iterator[str]:
        for urls in self.pages.values():
            yield from urls


def a_small_operator() -> None:
    """Companies with bundles, bills, orders, cases; commits nothing by itself."""
    call_command("demo", customers=12, months=1, through=Month(2026, 10), stdout=StringIO())


def person(role: str) -> Staff:
    return Staff.objects.filter(roles__code=role).order_by("pk").first() or a_staff(role)


def signed_in(staff: Staff, **options: object) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(staff)
    return client


def walk(staff: Staff, starts: Iterable[str] = ("/",), *, of_each: int = OF_EACH_KIND) -> Walk:
    """Follow every link of this house, some pages of each kind."""
    client, found = signed_in(staff), Walk(staff)
    waiting = deque(starts)
    known = set(waiting)
    while waiting:
        url = waiting.popleft()
        kind = kind_of(url)
        if kind is None or len(found.pages.setdefault(kind, [])) >= of_each:
            continue
        found.pages[kind].append(url)
        response = client.get(url)
        if response.status_code in (301, 302):
            next_urls = [response.headers["Location"]]
        elif is_page(response):
            forms, next_urls = read_page(response.content.decode(), page=url)
            for form in forms:
                found.forms.setdefault((place_of(form), form.shape), form)
        else:
            if response.status_code == 200:
                found.papers.add(url)
            continue
        for address in next_urls:
            if address.startswith("/") and address not in known:
                known.add(address)
                waiting.append(address)
    return found


def is_page(response: HttpResponse) -> bool:
    return response.status_code == 200 and "html" in response.headers.get("Content-Type", "")


def kind_of(url: str) -> str | None:
    """The name of the address and the names its query gives; None for what is not ours."""
    parts = urlsplit(url)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.url_name is None or match.url_name in NOT_FOLLOWED or "export=" in parts.query:
        return None
    asked = ",".join(sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair}))
    return f"{match.view_name} {match.kwargs.get('type_', '')} {asked}".strip()


def place_of(form: Form) -> str:
    """The address that shows the form, whatever was asked of it; where it leads, if all do."""
    try:
        target = resolve(form.path).view_name
    except Resolver404:
        target = ""
    shown_by = resolve(urlsplit(form.page).path)
    page = f"{shown_by.view_name} {shown_by.kwargs.get('type_', '')}"
    return target if target in FROM_EVERYWHERE else page


def send(client: Client, form: Form, data: dict[str, list[str]]) -> HttpResponse:
    """Send the form as a browser does."""
    if form.method == "post":
        return client.post(form.action, data, headers={"referer": f"http://testserver{form.page}"})
    return client.get(form.path, data)
