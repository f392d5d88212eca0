"""The forms of a page as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TYPED = {
    "text", "search", "tel", "email", "url", "password", "number", "date", "datetime-local",
    "month", "time", "textarea",
}  # fmt: skip
BUTTONS = {"submit", "button", "reset", "image"}
CSRF = "csrfmiddlewaretoken"


@dataclass(slots=True, kw_only=True)
class Field:
    """One control: its type, what the page filled in, what it offers to choose."""

    name: str
    type: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    checked: bool = False

    @property
    def is_typed(self) -> bool:
        return self.type in TYPED

    @property
    def sent(self) -> str | None:
        """What an untouched control sends; None: nothing."""
        if self.type == "file":
            return None
        if self.type in ("checkbox", "radio"):
            return (self.value or "on") if self.checked else None
        if self.type == "select":
            return self.value or next((choice for choice in self.choices if choice), "")
        return self.value


@dataclass(slots=True, kw_only=True)
class Form:
    """A form and where it is sent; ``page`` is the address it was found on."""

    page: str
    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    @property
    def path(self) -> str:
        return urlsplit(self.action).path

    @property
    def filled(self) -> dict[str, list[str]]:
        """What would be sent as it stands, with something plausible in empty fields."""
        data: dict[str, list[str]] = {}
        for control in self.fields:
            value = control.sent
            if control.name == CSRF or value is None:
                continue
            if control.type == "radio" and control.name in data:
                continue
            data.setdefault(control.name, []).append(value or PLAUSIBLE.get(control.type, ""))
        return data

    @property
    def typed(self) -> list[Field]:
        return [control for control in self.fields if control.is_typed]

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        return self.method, tuple(sorted({control.name for control in self.fields}))


PLAUSIBLE = {
    "text": "测试内容四个字",
    "textarea": "测试内容四个字",
    "tel": "13800138000",
    "number": "1",
    "date": "2026-11-10",
    "datetime-local": "2026-11-10T12:00",
    "month": "2026-11",
    "time": "12:00",
    "password": "only-for-tests-7",
}


def read_page(html: str, *, page: str) -> tuple[list[Form], list[str]]:
    """Every form of the page, and every address of this house that it leads to.

    Controls outside a form that name it by ``form=`` belong to it, too; addresses are absolute
    paths with their query.
    """
    reader = _Reader(page)
    reader.feed(html)
    leads_to = (urlsplit(urljoin(page, link)) for link in dict.fromkeys(reader.links))
    return reader.forms, [
        f"{parts.path}?{parts.query}" if parts.query else parts.path
        for parts in leads_to
        if not parts.netloc and parts.path.startswith("/")
    ]


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._named: dict[str, Form] = {}
        self._select: Field | None = None
        self._text: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.links += [has[name] for name in ("href", "hx-get") if has.get(name)]
        if tag == "form":
            self._begin(has)
        elif tag in ("input", "select", "textarea"):
            self._control(tag, has)
        elif tag == "option" and self._select is not None:
            self._select.choices.append(has.get("value", ""))
            if "selected" in has:
                self._select.value = has.get("value", "")
        elif tag in ("button", "input") and has.get("name"):
            self._control("input", {**has, "type": "hidden"})

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data.strip()

    def _begin(self, has: dict[str, str]) -> None:
        self._open = Form(
            page=self.page,
            action=urljoin(self.page, has.get("action") or has.get("hx-post") or self.page),
            method=has.get("method", "post" if "hx-post" in has else "get").lower(),
        )
        self.forms.append(self._open)
        if "id" in has:
            self._named[has["id"]] = self._open

    def _control(self, tag: str, has: dict[str, str]) -> None:
        form = self._named.get(has.get("form", "")) or self._open
        kind = has.get("type", "text").lower() if tag == "input" else tag
        if form is None or not has.get("name") or kind in BUTTONS or "disabled" in has:
            return
        control = Field(
            name=has["name"],
            type=kind,
            value=has.get("value", ""),
            checked="checked" in has,
        )
        form.fields.append(control)
        if tag == "select":
            self._select = control
        elif tag == "textarea":
            self._text = control
