"""The documentation of the open interface, served by the product itself."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated

from bss.kernel.api.permissions import MayUseApi


class ApiSchema(SpectacularAPIView):
    """The OpenAPI 3 document, for those who may use what it describes."""

    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated, MayUseApi)
    permission = "api.use"


class ApiDocs(SpectacularSwaggerSplitView):
    """The page on which the document is read and tried; its script is a file of its own (CSP).

    A session opens the page and nothing that the page describes: what is tried needs a token.
    """

    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated, MayUseApi)
    permission = "api.use"
    url_name = "api_schema"
    template_name = "api/docs.html"
    title = "沃·商务 BSS · 开放接口"
