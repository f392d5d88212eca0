"""What the audit costs is measured by ``make bench ONLY=audit``."""

import pytest

from bss.kernel.audit.seal import seal
from bss.kernel.audit.verify import verify
from bss.kernel.clock import real_now
from tests.builders.audit import many_entries


@pytest.mark.django_db
def test_sealing_and_verifying_some_thousands_take_a_moment() -> None:
    many_entries(5000)

    assert seal(at=real_now()) >= 5000
    assert verify(at=real_now()).faults == ()
