"""Settings of the test run: plain static files, fast password hashing."""

from bss.settings import *  # noqa: F403
from bss.settings import DATABASES

# The tests' database is thrown away: there, and nowhere else, journals may be truncated.
DATABASES["default"]["OPTIONS"]["options"] += " -c bss.throw_away_database=on"  # type: ignore[index]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
