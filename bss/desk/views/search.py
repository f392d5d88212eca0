from django.http import HttpRequest, HttpResponse

from bss.desk.search import search
from bss.desk.sources.recent import recent
from bss.kernel.pages.render import render_part


def search_page(request: HttpRequest) -> HttpResponse:
    """Search (D2): the whole page, or its hits alone for the palette; without a text the recent."""
    text = request.GET.get("q", "").strip()
    groups = search(text, staff=request.user) if text else recent(request.user)
    return render_part(request, "desk/search.html", "hits", {"q": text, "groups": groups})
