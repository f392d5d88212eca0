from django.http import HttpRequest, HttpResponse

from bss.desk.search import search
from bss.kernel.pages.render import render_part


def search_page(request: HttpRequest) -> HttpResponse:
    """Search (D2): the whole page, or its hits alone for the palette."""
    text = request.GET.get("q", "")
    context = {"q": text, "groups": search(text, staff=request.user)}
    return render_part(request, "desk/search.html", "hits", context)
