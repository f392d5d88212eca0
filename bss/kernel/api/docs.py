"""The documentation of the open interface, served by the product itself."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated


class ApiSchema(SpectacularAPIView):
    """The OpenAPI 3 document, for those who are signed in."""

    permission_classes = (IsAuthenticated,)


class ApiDocs(SpectacularSwaggerSplitView):
    """The page on which the document is read and tried; its script is a file of its own (CSP)."""

    permission_classes = (IsAuthenticated,)
    url_name = "api_schema"
    template_name = "api/docs.html"
    title = "沃·商务 BSS · 开放接口"
