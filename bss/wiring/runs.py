"""Batch runs that workers take part in: kind → the steps of one of its runs."""

from billing.queries.control_room import KIND as CLOSE_MONTH
from billing.services import (
    bill_printing,
    month_end,
    reratings,
    usage_archive,
    usage_forgetting,
    usage_inbox,
)
from billing.services.rerating_report import DO as RERATE
from billing.services.rerating_report import LOOK as LOOK_AT_RERATING
from bss.desk.services import advising
from bss.kernel.batch.sweep import Registry

RUNS: Registry = {
    CLOSE_MONTH: month_end.steps_of,
    month_end.LATER_KIND: month_end.later_steps_of,
    bill_printing.KIND: bill_printing.steps_of,
    usage_inbox.KIND: usage_inbox.steps_of,
    LOOK_AT_RERATING: reratings.look_steps_of,
    RERATE: reratings.do_steps_of,
    advising.KIND: advising.steps_of,
    usage_archive.KIND: usage_archive.steps_of,
    usage_forgetting.KIND: usage_forgetting.steps_of,
}
