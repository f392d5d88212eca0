"""The settings that run the product on one machine; ``bss.settings.production`` hardens them.

Everything that differs between two places comes from the environment; the README lists the names.
"""

import os
from pathlib import Path

import dj_database_url

from bss.embedded import addresses
from bss.settings import hosts
from bss.settings.accounts import *  # noqa: F403
from bss.settings.audit import *  # noqa: F403
from bss.settings.audit import AUDIT_KEY, session_options
from bss.settings.banks import *  # noqa: F403
from bss.settings.gateways import *  # noqa: F403
from bss.settings.identity import *  # noqa: F403
from bss.settings.interfaces import *  # noqa: F403
from bss.settings.messages import *  # noqa: F403
from bss.settings.money import *  # noqa: F403
from bss.settings.usage import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent

PRODUCTION = False
DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY") or addresses.local_secret("django")
# The keys that wrap data keys (bss.kernel.key_ring); the first of FIELD_KEYS wraps.
FIELD_KEYS = os.environ.get("FIELD_KEYS", "")
FIELD_KEY = os.environ.get("FIELD_KEY", "")
if not FIELD_KEY and (not FIELD_KEYS or addresses.has_secret("field")):
    FIELD_KEY = addresses.local_secret("field")
INDEX_KEY = os.environ.get("INDEX_KEY", "")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
# How many proxies of our own stand in front and write X-Forwarded-For.
PROXIES = int(os.environ.get("PROXIES", "0"))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "template_partials",
    "pgtrigger",
    "rest_framework",
    "knox",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "bss.kernel",
    "bss.identity",
    "customers",
    "channels",
    "packages_wo",
    "billing",
    "orders",
    "complaints",
    "bss.oversight",
    "bss.desk",
    "bss.scenario",
    "bss.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bss.kernel.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "bss.kernel.plain_text.PlainText",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bss.kernel.audit.middleware.ActingMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "bss.kernel.readers.ReadersChangeNothing",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bss.kernel.pages.store_faults.StoreFaults",
    "bss.identity.session_watch.SessionWatch",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "bss.identity.middleware.PasswordChangeMiddleware",
]

ROOT_URLCONF = "bss.urls"
WSGI_APPLICATION = "bss.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "bss.desk.context.workbench",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **dj_database_url.parse(os.environ.get("DATABASE_URL") or addresses.database_url()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# A fixed business moment (ISO, local) for training and tests; empty means real time.
BUSINESS_TIME = os.environ.get("BUSINESS_TIME", "")
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["options"] = " ".join(  # type: ignore[index]
    [
        *filter(None, [_options.get("options")]),  # type: ignore[attr-defined]
        session_options(key=AUDIT_KEY, business_time=BUSINESS_TIME),
        hosts.session_options(),
    ]
)
_options |= hosts.database_options()  # type: ignore[operator]
REDIS_URL = os.environ.get("REDIS_URL") or addresses.redis_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": addresses.cache_url(REDIS_URL),
        "OPTIONS": hosts.cache_options(REDIS_URL),
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

AUTH_USER_MODEL = "kernel.Staff"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static_collected"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "ttf", "map",
)  # fmt: skip

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = addresses.broker_url(REDIS_URL)
CELERY_RESULT_BACKEND = CELERY_BROKER_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A killed worker's task comes back after this; one that merely runs longer finds its step taken.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, **hosts.broker_options(REDIS_URL)}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "outbox": {
        "task": "bss.kernel.tasks.sweep_outbox",
        "schedule": 1.0,
        "options": {"expires": 5},
    },
    "audit": {
        "task": "bss.kernel.tasks.seal_audit",
        "schedule": 2.0,
        "options": {"expires": 5},
    },
    "runs": {
        "task": "bss.kernel.tasks.sweep_runs",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "schedule": {
        "task": "bss.kernel.tasks.run_schedule",
        "schedule": 3.0,
        "options": {"expires": 5},
    },
}
# The tables of ``bss.wiring``, named here because the kernel does not import upwards.
# host:port of the provisioning platform; empty: each worker has a simulator of its own.
PROVISIONING_ADDRESS = os.environ.get("PROVISIONING_ADDRESS", "")

# After this many minutes a page with personal data in clear goes back to the masked one.
REVEAL_MINUTES = 5

# Kind of data → days it is kept, where they differ from bss.oversight.rules.retention.
RETENTION_DAYS: dict[str, int] = {}

# "rehearsed": a month is billed after a rehearsal within the bounds, or that two persons approved;
# "auto": at once. Bounds that differ from billing.rules.close_policy.Bounds.
CLOSE_POLICY = os.environ.get("CLOSE_POLICY", "rehearsed")
CLOSE_BOUNDS: dict[str, int] = {}
# In how many parts a month's accounts are billed, side by side by as many workers as there are.
CLOSE_SHARDS = int(os.environ.get("CLOSE_SHARDS") or os.cpu_count() or 1)

OUTBOX_HANDLERS = "bss.wiring.EVENTS"
BUSINESS_SCHEDULE = "bss.wiring.SCHEDULE"
BATCH_RUNS = "bss.wiring.RUNS"
APPROVAL_KINDS = "bss.wiring.APPROVALS"
CUSTOMER_PARTS = "bss.wiring.CUSTOMER_PARTS"
SALE_NAMES = "bss.wiring.SALE_NAMES"
# The guard that asks who is there once more; named here for the same reason.
STEP_UP = "bss.identity.stepup.recently_proved"

# A list with more rows leaves the house only after a second person's approval.
BULK_EXPORT_ROWS = int(os.environ.get("BULK_EXPORT_ROWS", "500"))

# Tables that are not empty in a database that was only migrated.
FILLED_BY_MIGRATIONS = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "billing_number_segment",
    "billing_reason",
    "customers_customerclass",
    "customers_classlevel",
}

# Whether the training page may move the business clock.
BUSINESS_CLOCK_MOVABLE = True

# Errors go to the terminal; bss.kernel.logs masks what is personal in every record.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "script-src-attr": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'", *OIDC_ORIGINS],  # noqa: F405
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "bss.desk.views.errors.csrf_failure"
