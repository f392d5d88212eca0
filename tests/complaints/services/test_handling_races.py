"""Two agents act on one case at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bss.kernel.errors import BadInputError
from complaints.services import handling
from tests.complaints.people import MORNING, a_case, a_colleague


@pytest.mark.django_db(transaction=True)
def test_of_two_replies_at_once_one_is_kept_and_the_other_is_told():
    case, staff = a_case(), a_colleague()

    def answer(text):
        try:
            handling.reply(case_id=case.pk, text=text, at=MORNING, by_id=staff.pk, seen=1)
        except BadInputError as overtaken:
            return overtaken.faults[0][1]
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(answer, ["甲", "乙"]))
    assert outcomes == sorted(["kept", handling.OVERTAKEN])
    assert case.steps.filter(action="reply").count() == 1
