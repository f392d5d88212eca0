"""Who gets in and how: sign-in, second factor, lockout, sessions, single sign-on."""

import os
from datetime import timedelta
from urllib.parse import urlsplit

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: a locked-out pair is not even tried
    "django.contrib.auth.backends.ModelBackend",
]

# A sensitive act asks again when the last proof is older than this.
STEP_UP_MINUTES = 15

# Roles whose people cannot work without a second factor; production names them.
SECOND_FACTOR_ROLES: tuple[str, ...] = ()
# Roles that work at one place at a time: a second sign-in ends the first.
ONE_WORKPLACE_ROLES = ("clerk",)
# Minutes without a request, and hours in all, after which a session ends; the strictest role wins.
SESSION_IDLE_MINUTES = 60
SESSION_IDLE_MINUTES_OF_ROLES = {"security_officer": 15, "auditor": 30, "clerk": 30}
SESSION_HOURS = 12
SESSION_HOURS_OF_ROLES: dict[str, int] = {}

# django-axes, on PostgreSQL: every web process counts in the same rows.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or a stranger keeps it locked for ever
AXES_DISABLE_ACCESS_LOG = True  # the audit is the log
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["password", "code", "credential", "csrfmiddlewaretoken"]
AXES_CLIENT_IP_CALLABLE = "bss.kernel.callers.address_of"
AXES_LOCKOUT_CALLABLE = "bss.identity.views.locked.locked"

# django-allauth: stages of sign-in, second factors. Nobody registers, nobody is sent mail.
ACCOUNT_ADAPTER = "bss.identity.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # axes counts, passwords and codes alike
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_MINUTES * 60
ACCOUNT_FORMS = {"login": "bss.identity.forms.SignInForm"}
MFA_ADAPTER = "bss.identity.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "沃·商务 BSS"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # a whole hall may sign in through one address
MFA_FORMS = {
    "authenticate": "bss.identity.forms.CodeForm",
    "reauthenticate": "bss.identity.forms.CodeAgainForm",
    "activate_totp": "bss.identity.forms.EnrolAppForm",
    "add_webauthn": "bss.identity.forms.AddPasskeyForm",
}

# Single sign-on by OpenID Connect; off until an issuer is named.
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = os.environ.get("OIDC_NAME", "单点登录")
# Browsers hold form-action against redirects, too: our form leads there.
OIDC_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))] if OIDC_ISSUER else []
SOCIALACCOUNT_ADAPTER = "bss.identity.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "house",
                "name": OIDC_NAME,
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
