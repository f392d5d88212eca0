"""The month as tasks: keys in, one service called, a count out."""

from celery import shared_task

from billing.services import closing, credit_control, month_start
from bss.kernel import clock
from bss.kernel.periods import Month, local_moment


@shared_task
def start(month: str, at: str | None = None) -> int:
    """Month start; gives the number of bundles that opened, changed or ended."""
    moment = local_moment(at) if at else clock.now()
    return month_start.start_month(month=Month.parse(month), at=moment).bundles


@shared_task
def close(month: str, at: str | None = None) -> str:
    """Month close; gives the run's state. Many workers may run it for one month at once."""
    moment = local_moment(at) if at else clock.now()
    return closing.close_under_policy(month=Month.parse(month), at=moment).state


@shared_task
def run_credit(at: str | None = None, by_id: int | None = None) -> int:
    """The credit run; gives the number of subscriptions that it stopped for debt."""
    moment = local_moment(at) if at else clock.now()
    return credit_control.run(at=moment, by_id=by_id).stopped
