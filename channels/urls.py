from django.urls import path

from channels.views.channel_list import channel_list
from channels.views.channel_page import channel_page

app_name = "channels"

urlpatterns = [
    path("", channel_list, name="list"),
    path("<str:code>", channel_page, name="channel"),
]
