from django.urls import URLPattern, path

from bss.identity.views.prove import prove

app_name = "identity"

urlpatterns: list[URLPattern] = [
    path("prove", prove, name="prove"),
]
