from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from bss.desk.home import cards_for


def home(request: HttpRequest) -> HttpResponse:
    """今日 (D1): what this person has to do today."""
    cards = [
        (card, render_to_string(card.template, context, request=request))
        for card, context in cards_for(request)
    ]
    return render(request, "desk/home.html", {"cards": cards})
