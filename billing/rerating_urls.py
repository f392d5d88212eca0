"""The addresses of re-ratings after a tariff correction."""

from django.urls import path

from billing.views.rerated_lines import rerated_lines
from billing.views.rerating import ask_to_rerate, rerating_new, rerating_page
from billing.views.rerating_list import rerating_list

urlpatterns = [
    path("reratings/", rerating_list, name="reratings"),
    path("reratings/new", rerating_new, name="rerating_new"),
    path("reratings/<int:rerating_id>", rerating_page, name="rerating"),
    path("reratings/<int:rerating_id>/ask", ask_to_rerate, name="ask_to_rerate"),
    path("reratings/<int:rerating_id>/lines", rerated_lines, name="rerated_lines"),
]
