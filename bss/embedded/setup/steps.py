"""The steps of the set-up, in order, one process at a time."""

import fcntl
import os
from pathlib import Path

from bss.embedded.errors import HouseError
from bss.embedded.places import CHECKOUT
from bss.embedded.setup import assets, debian, environment, stamps
from bss.embedded.setup.say import run, say


def main(*, develop: bool) -> int:
    """Set up the checkout; 0, or 1 after one sentence."""
    with (CHECKOUT / "Makefile").open() as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        try:
            debian.supply(develop=develop)
            environment.install(CHECKOUT, develop=develop)
            assets.install(CHECKOUT)
            build_translations(CHECKOUT)
            collect_static_files(CHECKOUT)
        except HouseError as error:
            say(f"! {error}")
            return 1
        except OSError as error:
            say(f"! {error.filename or CHECKOUT}: {error.strerror}.")
            return 1
        except KeyboardInterrupt:
            return 130
    return 0


def build_translations(checkout: Path) -> None:
    locale = checkout / "locale"
    if not locale.is_dir():
        return
    digest = stamps.look_of(locale.rglob("*.po"))
    stamp = checkout / ".venv" / ".built-translations"
    built = all(
        (language / "LC_MESSAGES" / "django.mo").exists()
        for language in locale.iterdir()
        if language.is_dir()
    )
    if built and stamps.is_fresh(stamp, digest):
        return
    python = environment.python_of(checkout)
    run(
        [python, "-m", "bss.embedded.setup.translations"],
        doing="Building the translations",
        cwd=checkout,
    )
    stamps.write(stamp, digest)


def collect_static_files(checkout: Path) -> None:
    ours = (path for path in (checkout / "static").rglob("*") if path.is_file())
    digest = stamps.digest_of(stamps.look_of(ours), checkout / "requirements" / "runtime.lock")
    stamp = checkout / "static_collected" / ".collected"
    if stamps.is_fresh(stamp, digest):
        return
    python = environment.python_of(checkout)
    run(
        [python, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity", "0"],
        doing="Collecting the static files",
        cwd=checkout,
        environment={**os.environ, "DJANGO_SETTINGS_MODULE": "bss.settings"},
    )
    stamps.write(stamp, digest)
