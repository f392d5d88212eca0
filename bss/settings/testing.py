"""Settings of the test run: plain static files, fast password hashing."""

from bss.settings import *  # noqa: F403
from bss.settings import DATABASES, REST_FRAMEWORK

# The tests' database is thrown away: there, and nowhere else, journals may be truncated.
DATABASES["default"]["OPTIONS"]["options"] += " -c bss.throw_away_database=on"  # type: ignore[index]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests call as fast as they can; those of the throttles say what they mean.
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {  # type: ignore[index]
    "source": "100000/min",
    "address": "100000/min",
    "token": "100000/min",
    "notice": "100000/min",
}
# No gateway is offered but where a test starts one.
GATEWAYS_DIR = "/nonexistent"
# Tests close months as they need them; those of the policy say what they mean.
CLOSE_POLICY = "auto"
# A few accounts are one shard; tests of shards say how many.
CLOSE_SHARDS = 1
