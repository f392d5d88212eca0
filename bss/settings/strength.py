"""What is too weak to start with: production asks before it reads anything else."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

NEEDED = ("SECRET_KEY", "AUDIT_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS")
SECRETS = ("SECRET_KEY", "FIELD_KEY", "AUDIT_KEY", "INDEX_KEY")
SECRET_AT_LEAST = 40
DIFFERENT_SIGNS_AT_LEAST = 12
PASSWORD_AT_LEAST = 12
# What stands in examples, and what people type when they are asked for a secret.
KNOWN = (
    "insecure",
    "changeme",
    "change-me",
    "secret",
    "password",
    "example",
    "0123456789",
    "qwerty",
)
ON = ("1", "true", "yes", "on")


def weaknesses(environ: Mapping[str, str]) -> list[str]:
    """Every reason not to start with this environment, one sentence each."""
    return [
        *_missing(environ),
        *_weak_secrets(environ),
        *_weak_database(environ.get("DATABASE_URL", "")),
        *_weak_hosts(environ.get("ALLOWED_HOSTS", "")),
        *_switches(environ),
    ]


def _missing(environ: Mapping[str, str]) -> Iterator[str]:
    for name in NEEDED:
        if not environ.get(name):
            yield f"{name} is not set."
    if not (environ.get("FIELD_KEY") or environ.get("FIELD_KEYS")):
        yield "FIELD_KEY is not set."


def _weak_secrets(environ: Mapping[str, str]) -> Iterator[str]:
    given = {name: environ[name] for name in SECRETS if environ.get(name)}
    for part in filter(None, environ.get("FIELD_KEYS", "").split(",")):
        number, _, secret = part.strip().partition(":")
        given[f"FIELD_KEYS number {number}"] = secret
    for name, secret in given.items():
        if len(secret) < SECRET_AT_LEAST or len(set(secret)) < DIFFERENT_SIGNS_AT_LEAST:
            yield (
                f"{name} is too short or too plain: at least {SECRET_AT_LEAST} random characters,"
                " such as `openssl rand -base64 48` gives."
            )
        elif known := [word for word in KNOWN if word in secret.lower()]:
            yield f"{name} holds {known[0]!r}: it is an example or can be guessed."
    by_secret: dict[str, str] = {}
    for name, secret in given.items():
        first = by_secret.setdefault(secret, name)
        if first != name and {first, name} != {"FIELD_KEY", "FIELD_KEYS number 1"}:
            yield f"{first} and {name} are the same: whoever reads one has both."


def _weak_database(url: str) -> Iterator[str]:
    if not url:
        return
    parts = urlsplit(url)
    host = unquote(parts.hostname or "")
    if not host or host.startswith("/"):
        return  # a socket: the system says who calls
    password = unquote(parts.password or "")
    if not password:
        yield "DATABASE_URL has no password."
    elif len(password) < PASSWORD_AT_LEAST or password in (parts.username, parts.path.strip("/")):
        yield f"DATABASE_URL has a weak password: at least {PASSWORD_AT_LEAST} characters."


def _weak_hosts(hosts: str) -> Iterator[str]:
    for host in filter(None, (one.strip() for one in hosts.split(","))):
        if "*" in host or (host.startswith(".") and host.count(".") < 2):
            yield f"ALLOWED_HOSTS holds {host}: name the hosts one by one."


def _switches(environ: Mapping[str, str]) -> Iterator[str]:
    for name in ("DEBUG", "DJANGO_DEBUG"):
        if environ.get(name, "").lower() in ON:
            yield f"{name} is on: it shows the inside of the house to everyone."
    if environ.get("BUSINESS_TIME"):
        yield "BUSINESS_TIME moves the business clock; production refuses it."
    if environ.get("OIDC_ISSUER", "").startswith("http:"):
        yield "OIDC_ISSUER is not https: what it says of people is believed."
