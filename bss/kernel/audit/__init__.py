"""The audit: who did, changed or saw what, whom it concerned, when, from where and why.

Entries come from services (``record``, ``read_personal``, ``as_one``) and from triggers on the
watched tables (``bss.kernel.watched``); ``acting`` says who and from where for both.
"""

from bss.kernel.acting import Acting, Person, acting, present
from bss.kernel.audit.as_one import as_one
from bss.kernel.audit.records import read_personal, record

__all__ = ["Acting", "Person", "acting", "as_one", "present", "read_personal", "record"]
