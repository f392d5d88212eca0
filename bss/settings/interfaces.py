"""The open interface: who may call, how often, and what is read of a request at most."""

from datetime import timedelta

# What is read at most: a body of the interface, a form, its fields and files.
API_BODY_BYTES = 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Copies of documents stay in memory until they are sealed; none is ever on a disk in clear.
FILE_UPLOAD_MAX_MEMORY_SIZE = 24_000_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "bss.identity.api.authentication.InterfaceAuthentication",
        "bss.identity.api.authentication.PersonalTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # A source is an interface number or a person; the address counts before either is known.
    "DEFAULT_THROTTLE_RATES": {
        "source": "600/min",
        "address": "1200/min",
        "token": "30/min",
        "notice": "600/min",
    },
}

# Personal tokens (knox): the digest alone is kept; its own table is not made, ours replaces it.
KNOX_TOKEN_MODEL = "identity.PersonalToken"
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {
    "SECURE_HASH_ALGORITHM": "hashlib.sha512",
    "AUTH_TOKEN_CHARACTER_LENGTH": 64,
    "TOKEN_TTL": timedelta(days=90),
    "TOKEN_PREFIX": "wo_",  # so that scanners for leaked secrets know it
    "AUTH_HEADER_PREFIX": "Token",
}

# OAuth 2: client credentials of interface numbers; no other grant, nothing readable at rest.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "bss.identity.api.oauth.InterfaceValidator",
    "OAUTH2_BACKEND_CLASS": "bss.identity.api.token_endpoint.Core",
    "SCOPES_BACKEND_CLASS": "bss.identity.api.oauth.InterfaceScopes",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "沃·商务 BSS",
    "VERSION": "1",
    "SERVE_PUBLIC": True,  # to all whom the page is served
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "defaultModelsExpandDepth": -1},
    "DESCRIPTION": (
        "TM Forum Open API 第 4 版。每个请求都要有出处 (S85-2)，有两种：\n\n"
        "* **接口号**（银行、代理商、网站、呼叫中心等系统）：以接口号和密钥在 `POST /oauth/token`"
        "（`grant_type=client_credentials`）换取一小时有效的令牌，"
        "请求头 `Authorization: Bearer …`。"
        "权限不超过接口的范围，也不超过负责人；只在登记的时间、地址有效。\n"
        "* **个人令牌**：有 `api.use` 权限的工号在“我的令牌”页建立，"
        "请求头 `Authorization: Token wo_…`，只能看到、办理本人范围内的客户。\n\n"
        "列表可用 `offset`、`limit`，部分结果以 206 返回；"
        "业务规则不允许时 422，`refusals` 列出每条规则；"
        "调用过于频繁时 429，`Retry-After` 为应等待的秒数。"
    ),
    "TAGS": [
        {"name": "TMF629", "description": "客户 Customer Management"},
        {"name": "TMF622", "description": "产品订单 Product Ordering Management"},
        {"name": "TMF678", "description": "帐单 Customer Bill Management"},
    ],
    "SCHEMA_PATH_PREFIX": r"/tmf-api/[A-Za-z]+/v4",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "bss.kernel.api.official.with_official_components",
    ],
}
