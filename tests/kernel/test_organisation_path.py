from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from bss.kernel.models import Organisation

MIGRATION = import_module("bss.kernel.migrations.0004_organisation_path")
pytestmark = pytest.mark.django_db


def an_organisation(code, parent=None, level="city"):
    return Organisation.objects.create(code=code, name=f"机构{code}", level=level, parent=parent)


def path_of(organisation):
    return Organisation.objects.values_list("path", flat=True).get(pk=organisation.pk)


def expected(*organisations):
    return "/" + "".join(f"{one.pk}/" for one in organisations)


@pytest.fixture
def tree():
    """HE over SJZ over its hall; TS beside SJZ."""
    top = an_organisation("HE", level="province")
    city = an_organisation("SJZ", top)
    return top, city, an_organisation("SJZ01", city, "hall"), an_organisation("TS", top)


def test_a_path_is_the_ids_from_the_top_down(tree):
    top, city, hall, _ = tree
    assert path_of(top) == expected(top)
    assert path_of(hall) == expected(top, city, hall)


def test_a_branch_that_moves_takes_everything_under_it_along(tree):
    top, city, hall, other = tree
    city.parent = other
    city.save()
    assert path_of(city) == expected(top, other, city)
    assert path_of(hall) == expected(top, other, city, hall)


def test_a_branch_that_loses_its_parent_is_a_top(tree):
    _, city, hall, _ = tree
    Organisation.objects.filter(pk=city.pk).update(parent=None)
    assert path_of(hall) == expected(city, hall)


def test_a_stale_object_that_is_saved_does_not_spoil_the_path(tree):
    top, city, hall, _ = tree
    assert hall.path == ""
    hall.name = "中心营业厅"
    hall.save()
    assert path_of(hall) == expected(top, city, hall)


def test_nobody_writes_a_path_by_hand(tree):
    top, city, *_ = tree
    Organisation.objects.filter(pk=city.pk).update(path="/")
    assert path_of(city) == expected(top, city)


@pytest.mark.parametrize("place", [1, 2], ids=["itself", "a branch of its own"])
def test_no_organisation_comes_to_stand_under_itself(tree, place):
    _, city, *_ = tree
    with pytest.raises(IntegrityError, match="under itself"), transaction.atomic():
        Organisation.objects.filter(pk=city.pk).update(parent=tree[place])


def test_a_tree_from_before_there_were_paths_gets_them():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_organisation DISABLE TRIGGER USER")
        hall = None
        for code, level in (("HE", "province"), ("SJZ", "city"), ("SJZ01", "hall")):
            hall = an_organisation(code, hall, level)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE kernel_organisation ENABLE TRIGGER USER")
        assert path_of(hall) == ""
        cursor.execute(MIGRATION.FILL)
    top, city, hall = Organisation.objects.order_by("code")
    assert path_of(hall) == expected(top, city, hall)
