"""The pages of interface numbers and personal tokens, under ``/identity/``."""

from django.urls import path

from bss.identity.views import interface_page, tokens
from bss.identity.views.interface_list import interface_list

urlpatterns = [
    path("interfaces/", interface_list, name="interfaces"),
    path("interfaces/open", interface_page.interface_open, name="interface_open"),
    path("interfaces/<str:number>", interface_page.interface_page, name="interface"),
    path(
        "interfaces/<str:number>/change", interface_page.interface_change, name="interface_change"
    ),
    path("interfaces/<str:number>/close", interface_page.interface_close, name="interface_close"),
    path(
        "interfaces/<str:number>/reopen", interface_page.interface_reopen, name="interface_reopen"
    ),
    path(
        "interfaces/<str:number>/rotate", interface_page.interface_rotate, name="interface_rotate"
    ),
    path("tokens", tokens.my_tokens, name="my_tokens"),
    path("tokens/<str:key>/revoke", tokens.my_token_revoke, name="my_token_revoke"),
    path("all-tokens/", tokens.token_list, name="tokens"),
    path("all-tokens/<str:key>/revoke", tokens.token_revoke, name="token_revoke"),
]
