from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bss.desk.clauses import sections


def rules(request: HttpRequest) -> HttpResponse:
    """Every business rule with its id: where each "why?" leads."""
    return render(request, "desk/rules.html", {"sections": sections()})
