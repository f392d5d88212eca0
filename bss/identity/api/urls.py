from django.urls import path

from bss.identity.api import documentation  # noqa: F401  the schemes that drf-spectacular finds
from bss.identity.api.token_endpoint import RevokeEndpoint, TokenEndpoint

urlpatterns = [
    path("oauth/token", TokenEndpoint.as_view(), name="oauth_token"),
    path("oauth/revoke", RevokeEndpoint.as_view(), name="oauth_revoke"),
]
