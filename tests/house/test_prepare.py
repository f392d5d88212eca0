import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection


@pytest.fixture(autouse=True)
def without_demo(monkeypatch):
    monkeypatch.setenv("DEMO", "0")


@pytest.mark.django_db(transaction=True)
def test_newer_checkout_migrates_older_data(capsys):
    # given a database from before there were sessions
    call_command("migrate", "sessions", "zero", verbosity=0)
    assert "django_session" not in connection.introspection.table_names()

    call_command("prepare")

    assert "django_session" in connection.introspection.table_names()
    assert "Migrating the database: 1 steps …" in capsys.readouterr().out


@pytest.mark.django_db
def test_catalogue_is_loaded_into_an_empty_database_once(tmp_path, capsys):
    told = tmp_path / "logins.txt"

    call_command("prepare", "--tell", str(told))
    call_command("prepare", "--tell", str(told))

    assert apps.get_model("packages_wo", "CatalogueVersion").objects.count() == 1
    assert not apps.get_model("customers", "Customer").objects.exists()
    assert told.read_text() == ""
