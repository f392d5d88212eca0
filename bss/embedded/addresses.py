"""How the embedded servers are reached: addresses only, nothing is started here."""

import os
import secrets
from urllib.parse import SplitResult, parse_qs, quote, urlsplit, urlunsplit

from bss.embedded import places
from bss.embedded.listening import password

DATABASE = "wo_bss"
ROLE = "wo_bss"


def database_url() -> str:
    """The URL of the embedded PostgreSQL (Unix socket, peer authentication)."""
    socket_dir = quote(str(places.current().sockets), safe="")
    return f"postgres://{ROLE}@{socket_dir}/{DATABASE}"


def redis_url() -> str:
    """The URL of the embedded Valkey (Unix socket), with its password if it has one."""
    here = places.current()
    word = password(here)
    return f"unix://{f':{word}@' if word else ''}{quote(str(here.valkey_socket))}?db=0"


def cache_url(url: str) -> str:
    """The same server's database 1, where the cache lives."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return f"unix://{_login(parts)}{parts.path}?db=1"
    return urlunsplit(parts._replace(path="/1"))


def broker_url(url: str) -> str:
    """The same server as Celery writes it."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{_login(parts)}{parts.path}?virtual_host={database}"


def _login(parts: SplitResult) -> str:
    return f":{parts.password}@" if parts.password else ""


def has_secret(name: str) -> bool:
    """Whether this installation has made the secret already."""
    return (places.current().secrets / name).exists()


def local_secret(name: str) -> str:
    """This installation's own secret ``name``, made on first use, readable by its owner only."""
    here = places.current()
    places.ensure(here)
    path = here.secrets / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    fresh = secrets.token_urlsafe(48)
    with os.fdopen(handle, "w") as file:
        file.write(fresh)
    return fresh
