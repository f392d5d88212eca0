"""The addresses django-allauth asks for by name: only those the house has a page for."""

from django.urls import path

from bss.identity.views.sign_in import SignIn, sign_out

urlpatterns = [
    path("login", SignIn.as_view(), name="login"),
    path("login", SignIn.as_view(), name="account_login"),
    path("logout", sign_out, name="logout"),
]
