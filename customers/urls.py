from django.urls import path, re_path

from customers.views.check import check
from customers.views.class_list import class_list, class_page, new_class
from customers.views.classify import classify, declassify
from customers.views.classify_many import ask_classify
from customers.views.correct import correct
from customers.views.customer_list import customer_list
from customers.views.duplicate_list import duplicate_list
from customers.views.duplicate_pair import different, duplicate_pair
from customers.views.enrichment import enrichment
from customers.views.level_list import decide, level_list
from customers.views.listings import listing_list, put_on_list, take_off_list
from customers.views.many import ask_black_list, ask_reassign, ask_unmask
from customers.views.points import points, points_rates, redeem_points
from customers.views.register import register
from customers.views.unmasked import unmasked

app_name = "customers"

urlpatterns = [
    path("", customer_list, name="list"),
    path("new", register, name="register"),
    path("check", check, name="check"),
    path("duplicates/", duplicate_list, name="duplicates"),
    path("duplicates/<int:pk>", duplicate_pair, name="duplicate"),
    path("duplicates/<int:pk>/different", different, name="different"),
    path("classes/", class_list, name="classes"),
    path("classes/new", new_class, name="new_class"),
    path("classes/<int:pk>", class_page, name="class"),
    path("points/", points_rates, name="points_rates"),
    path("levels/", level_list, name="levels"),
    path("levels/<int:pk>/decide", decide, name="decide_level"),
    path("lists/", listing_list, name="lists"),
    path("lists/new", put_on_list, name="put_on_list"),
    path("lists/<int:listing_id>/end", take_off_list, name="take_off_list"),
    path("enrichment/", enrichment, name="enrichment"),
    path("classify", ask_classify, name="ask_classify"),
    path("unmask", ask_unmask, name="ask_unmask"),
    path("unmasked/<int:pk>", unmasked, name="unmasked"),
    path("reassign", ask_reassign, name="ask_reassign"),
    path("black-list", ask_black_list, name="ask_black_list"),
    re_path(r"^(?P<code>[A-Z0-9][A-Z0-9_-]*)/correct$", correct, name="correct"),
    re_path(r"^(?P<code>[A-Z0-9][A-Z0-9_-]*)/points$", points, name="points"),
    re_path(r"^(?P<code>[A-Z0-9][A-Z0-9_-]*)/points/redeem$", redeem_points, name="redeem_points"),
    re_path(r"^(?P<code>[A-Z0-9][A-Z0-9_-]*)/classes$", classify, name="classify"),
    re_path(
        r"^(?P<code>[A-Z0-9][A-Z0-9_-]*)/classes/(?P<pk>\d+)/end$", declassify, name="declassify"
    ),
]
