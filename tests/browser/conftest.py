"""A real browser on a live server; a page that complains in its console fails its test."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.builders.staff import a_staff

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_MS = 15_000  # of whatever waits for a page, on a machine that is busy with other tests
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
# Answers with these states are part of the product; the browser logs them as errors.
EXPECTED_NOISE = (
    "422 (Unprocessable", "403 (Forbidden", "404 (Not Found", "429 (Too Many",
)  # fmt: skip
expect.set_options(timeout=PATIENCE_MS)
BUSY_CONNECTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND backend_type = 'client backend' AND state <> 'idle'
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium. Where there is none, browser tests are skipped, with this reason."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    fonts = ROOT / ".venv" / "fonts.conf"
    environment = {**os.environ, **({"FONTCONFIG_FILE": str(fonts)} if fonts.exists() else {})}
    # Playwright's loop runs in this thread, where the tests use the database: they take turns.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=program, args=list(FLAGS), env=environment
        )
        yield found
        found.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Open a window of its own: ``open_page("/", scheme="dark", width=390, script=False)``."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        path: str = "", *, scheme: str = "light", width: int = 1280, script: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            color_scheme=scheme,
            locale="zh-CN",
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda message: _note(complaints, message.type, message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if path:
            page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    _wait_for_the_server_to_finish()
    assert complaints == []


@pytest.fixture
def sign_in(open_page: Callable[..., Page], live_server) -> Callable[..., Page]:
    """A window of someone of this role who is at work: ``sign_in("clerk", width=390)``.

    It opens at home. How one signs in by hand is what ``test_sign_in.py`` is about.
    """

    def signed_in(role: str = "supervisor", *, staff=None, **window: object) -> Page:
        client = Client()
        client.force_login(staff or a_staff(role))
        key = client.cookies[settings.SESSION_COOKIE_NAME]
        page = open_page(**window)
        page.context.add_cookies(
            [{"name": key.key, "value": key.value, "url": live_server.url, "httpOnly": True}]
        )
        page.goto("/")
        return page

    return signed_in


def _wait_for_the_server_to_finish() -> None:
    """What the closed windows still asked for is over before the tables are emptied."""
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(BUSY_CONNECTIONS)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.05)
    raise AssertionError("the live server is still at work 10 s after its windows closed")


def _note(complaints: list[str], kind: str, text: str) -> None:
    if kind in ("error", "warning") and not any(noise in text for noise in EXPECTED_NOISE):
        complaints.append(text)


def shoot(page: Page, name: str) -> None:
    """Keep a picture in ``$SCREENSHOTS`` when that is set, for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        try:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        except Error as error:  # a picture is a courtesy; the test goes on
            print(f"no picture of {name}: {error}")  # noqa: T201
