"""The addresses django-allauth asks for by name: only those the house has a page for."""

from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import path

from bss.identity.views import second_factor as second
from bss.identity.views.sign_in import SignIn, sign_out

FACTORS = "identity/second-factor"

urlpatterns = [
    path("login", SignIn.as_view(), name="login"),
    path("login", SignIn.as_view(), name="account_login"),
    path("login/code", second.Authenticate.as_view(), name="mfa_authenticate"),
    path("login/passkey", second.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("login/with/<str:provider_id>", openid.login, name="openid_connect_login"),
    path("login/with/<str:provider_id>/back", openid.callback, name="openid_connect_callback"),
    path("logout", sign_out, name="logout"),
    path(FACTORS, second.second_factors, name="mfa_index"),
    path(FACTORS, second.second_factors, name="mfa_list_webauthn"),
    path(f"{FACTORS}/app", second.ActivateApp.as_view(), name="mfa_activate_totp"),
    path(f"{FACTORS}/app/remove", second.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path(f"{FACTORS}/passkey", second.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        f"{FACTORS}/passkey/<int:pk>/remove",
        second.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path(f"{FACTORS}/codes", second.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        f"{FACTORS}/codes/new",
        second.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
