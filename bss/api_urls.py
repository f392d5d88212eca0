"""The open interface: TM Forum's resources under their official paths, and their documentation."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path

from bss.kernel.api.docs import ApiDocs, ApiSchema

urlpatterns = [
    path("", include("bss.identity.api.urls")),
    path("", include("customers.api.urls")),
    path("", include("billing.api.urls")),
    path("", include("orders.api.urls")),
    path("api/schema", login_required(ApiSchema.as_view()), name="api_schema"),
    path("api/docs", login_required(ApiDocs.as_view()), name="api_docs"),
]
