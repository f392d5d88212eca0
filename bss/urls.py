"""Every address of the product. An app's pages are in its own ``urls``; ``api`` likewise."""

from django.urls import URLPattern, URLResolver, include, path

from bss.desk.views import clock, errors, health, home, rules, search, session, styleguide, theme

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error

# (prefix, module): one row per room with pages or an API.
ROOMS = (
    ("", "bss.desk.urls"),
    ("", "bss.identity.account_urls"),
    ("identity/", "bss.identity.urls"),
    ("oversight/", "bss.oversight.urls"),
    ("catalogue/", "packages_wo.urls"),
    ("customers/", "customers.urls"),
    ("channels/", "channels.urls"),
    ("billing/", "billing.urls"),
    ("orders/", "orders.urls"),
    ("cases/", "complaints.urls"),
    ("", "bss.api_urls"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("search", search.search_page, name="search"),
    path("rules", rules.rules, name="rules"),
    path("styleguide", styleguide.styleguide, name="styleguide"),
    path("language", session.set_language, name="set_language"),
    path("theme", theme.set_theme, name="theme"),
    path("clock", clock.clock_page, name="clock"),
]
urlpatterns += [path(prefix, include(module)) for prefix, module in ROOMS]
