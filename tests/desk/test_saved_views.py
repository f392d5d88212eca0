"""常用筛选: one's own filters of a list, above it."""

import pytest
from django.test import Client

from bss.kernel.models import SavedView
from bss.kernel.pages import saved_views
from tests.builders.staff import a_staff

pytestmark = pytest.mark.django_db

LIST = "/customers/"
BLACK = "kind=enterprise&listed=black"


@pytest.fixture
def clerk(client: Client) -> Client:
    client.force_login(a_staff("clerk"))
    return client


def saved(client: Client, name: str = "黑名单企业", query: str = BLACK, path: str = LIST):  # type: ignore[no-untyped-def]
    asked = {"list": path, "query": query, "view_name": name}
    return client.post("/saved-views", asked)


def test_a_filtered_list_is_kept_under_a_name_and_stands_above_it(clerk: Client) -> None:
    offered = clerk.get(f"{LIST}?{BLACK}&q=&page=2").content.decode()

    answer = saved(clerk)

    assert "保存为常用筛选" in offered
    assert f'value="{BLACK.replace("&", "&amp;")}"' in offered
    assert (answer.status_code, answer.url) == (302, f"{LIST}?{BLACK}")
    page = clerk.get(f"{LIST}?{BLACK}").content.decode()
    assert "黑名单企业</a>" in page
    assert "保存为常用筛选" not in page
    assert "黑名单企业</a>" not in clerk.get("/orders/").content.decode()


def test_the_same_name_again_means_these_filters_instead(clerk: Client) -> None:
    saved(clerk)
    saved(clerk, query="listed=red&page=3")

    assert SavedView.objects.get().query == "listed=red"


def test_the_words_searched_for_are_not_kept(clerk: Client) -> None:
    offered = clerk.get(f"{LIST}?{BLACK}&q=110101199003070000").content.decode()

    answer = saved(clerk, query=f"{BLACK}&q=110101199003070000")

    assert f'name="query" value="{BLACK.replace("&", "&amp;")}"' in offered
    assert answer.url == f"{LIST}?{BLACK}"
    assert SavedView.objects.get().query == BLACK


def test_a_view_is_its_owners_alone(clerk: Client) -> None:
    saved(clerk)
    view = SavedView.objects.get()
    other = Client()
    other.force_login(a_staff("supervisor"))

    assert "黑名单企业</a>" not in other.get(LIST).content.decode()
    assert other.post(f"/saved-views/{view.pk}/drop", {"list": LIST}).status_code == 404
    assert clerk.post(f"/saved-views/{view.pk}/drop", {"list": LIST}).url == LIST
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        (" ", BLACK, "请为常用筛选取名"),
        ("字" * 21, BLACK, "请为常用筛选取名"),
        ("空的", "q=&page=2", "没有可以保存的筛选"),
    ],
)
def test_what_is_no_view_is_refused_with_a_sentence(
    clerk: Client, name: str, query: str, sentence: str
) -> None:
    answer = saved(clerk, name, query)

    assert sentence in clerk.get(answer.url).content.decode()
    assert not SavedView.objects.exists()


def test_a_list_has_only_so_many_views(clerk: Client) -> None:
    for place in range(saved_views.KEPT_AT_MOST):
        saved(clerk, f"第{place}个")

    saved(clerk, "再一个")

    assert SavedView.objects.count() == saved_views.KEPT_AT_MOST


@pytest.mark.parametrize("path", ["https://example.org/", "//example.org/", "/nowhere/", ""])
def test_a_view_leads_nowhere_else(clerk: Client, path: str) -> None:
    assert saved(clerk, path=path).status_code == 404
    assert not SavedView.objects.exists()
