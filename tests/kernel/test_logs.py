import io
import logging

import pytest
from django.db import IntegrityError, transaction

from bss.kernel.logs import error_line
from customers.models import Contact
from tests.builders.customers import a_person


@pytest.fixture
def written():
    """A logger with a handler of its own, as any library may bring one, and what it wrote."""
    out = io.StringIO()
    logger = logging.getLogger("somebody.elses.library")
    handler = logging.StreamHandler(out)
    logger.addHandler(handler)
    yield logger, out
    logger.removeHandler(handler)


def test_messages_and_their_arguments_are_redacted(written):
    logger, out = written

    logger.warning("customer %s at %s", "110105198806054024", "北京市朝阳区示例路 8 号")
    logger.warning("%(phone)s", {"phone": "13812345678"})

    assert out.getvalue() == "customer 1101**********4024 at 北京市朝阳区****\n138****5678\n"


def test_a_message_that_cannot_be_formatted_is_redacted_too(written):
    logger, out = written

    logger.warning("13812345678 %d", "x")

    assert out.getvalue() == "138****5678 %d\n"


def test_a_traceback_says_where_but_not_whose(written):
    logger, out = written
    try:
        raise ValueError("document 110105198806054024")
    except ValueError:
        logger.exception("it failed")

    assert "test_logs.py" in out.getvalue()
    assert "ValueError: document 1101**********4024" in out.getvalue()


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_not_written(written):
    logger, out = written
    person = a_person()
    twice = [
        Contact(customer=person, name="李雷雷", phone="13800000000"),
        Contact(customer=person, name="李雷雷", phone="13800000000"),
    ]
    try:
        with transaction.atomic():
            for contact in twice:
                contact.save(force_insert=True)
        raise AssertionError("two main contacts were taken")
    except IntegrityError as error:
        logger.exception("refused")
        line = error_line(error)

    assert "one_main_contact" in out.getvalue()
    assert "DETAIL: …" in out.getvalue()
    assert f"({person.pk})" not in line
