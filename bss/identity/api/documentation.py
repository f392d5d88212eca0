"""How the documentation describes the two ways to prove who calls."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from bss.kernel.api.permissions import API_SCOPES
from bss.kernel.permissions import PERMISSIONS


class InterfaceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "bss.identity.api.authentication.InterfaceAuthentication"
    name = "interface"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "接口号与其密钥（客户端凭证）换取一小时有效的令牌。",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/oauth/token",
                    "scopes": {code: PERMISSIONS[code] for code in API_SCOPES},
                }
            },
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        needs = getattr(auto_schema.view, "needs", {}).get(auto_schema.method)
        return {self.name: [needs] if needs else []}


class PersonalTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "bss.identity.api.authentication.PersonalTokenAuthentication"
    name = "personalToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "个人令牌，在“我的令牌”页建立：`Token wo_…`",
        }
