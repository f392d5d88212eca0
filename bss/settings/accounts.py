"""Main accounts: what a password must be, how long it lasts, when an unused account is shut."""

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # renewed with scrypt at the next sign-in
]
# The list of breached passwords is Django's own, of the 20,000 most common.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "bss.identity.password_validators.NotLikeOneself",
        "OPTIONS": {"user_attributes": ("username", "display_name", "phone")},
    },
    {
        "NAME": "bss.identity.password_validators.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "bss.identity.password_validators.NotCommon"},
    {
        "NAME": "bss.identity.password_validators.NoHouseWords",
        "OPTIONS": {"words": ("unicom", "liantong", "woshangwu", "10010", "10019")},
    },
    {"NAME": "bss.identity.password_validators.NotUsedBefore", "OPTIONS": {"remembered": 5}},
]
# After so many days a password is changed before anything else; 0: it does not age.
PASSWORD_MAX_AGE_DAYS = 90
# A one-time password that is not used within so many hours opens nothing.
ONE_TIME_PASSWORD_HOURS = 72

# An account that nobody used for so many days is disabled; so many days before, it is warned about.
STAFF_IDLE_DAYS = 90
STAFF_IDLE_WARN_DAYS = 14

# Tables of bss.wiring: what is handed over with a person, what keeps an organisation open.
STAFF_DUTIES = "bss.wiring.STAFF_DUTIES"
ORGANISATION_USES = "bss.wiring.ORGANISATION_USES"
