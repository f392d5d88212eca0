from django.urls import path

from packages_wo.views.catalogue_pages import catalogue_changes, catalogue_page

app_name = "packages_wo"

urlpatterns = [
    path("", catalogue_page, name="catalogue"),
    path("<int:pk>/changes", catalogue_changes, name="catalogue_changes"),
]
