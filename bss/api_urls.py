"""The open interface: TM Forum's resources under their official paths, and their documentation."""

from django.urls import include, path

from bss.kernel.api.docs import ApiDocs, ApiSchema

urlpatterns = [
    path("", include("customers.api.urls")),
    path("", include("billing.api.urls")),
    path("", include("orders.api.urls")),
    path("api/schema", ApiSchema.as_view(), name="api_schema"),
    path("api/docs", ApiDocs.as_view(), name="api_docs"),
]
