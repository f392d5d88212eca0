"""The addresses of the month: its steps, rehearsals, runs, usage files, gaps and rejects."""

from django.urls import path, register_converter

from billing.views.month_run import month_run, press_close, press_credit, press_start
from billing.views.months import month_list
from billing.views.rehearsal import ask_to_close, rehearsal_page, rehearse
from billing.views.reject import correct, reject_page, retry_one
from billing.views.reject_list import reject_list
from billing.views.reject_retry import retry
from billing.views.run import run_page
from billing.views.run_list import run_list
from billing.views.run_orders import press_cancel, press_pause, press_resume
from billing.views.usage_file_list import usage_file_list
from billing.views.usage_files import load_usage
from billing.views.usage_gaps import excuse_gap, gap_list, gap_page


class MonthText:
    """A month in an address: 2026-10."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(MonthText, "month")

urlpatterns = [
    path("months/", month_list, name="month"),
    path("months/<month:month>", month_run, name="run"),
    path("months/<month:month>/start", press_start, name="start"),
    path("months/<month:month>/close", press_close, name="close"),
    path("months/<month:month>/rehearsal", rehearsal_page, name="rehearsal"),
    path("months/<month:month>/rehearse", rehearse, name="rehearse"),
    path("months/<month:month>/ask", ask_to_close, name="ask_to_close"),
    path("months/<month:month>/pause", press_pause, name="pause"),
    path("months/<month:month>/resume", press_resume, name="resume"),
    path("months/<month:month>/cancel", press_cancel, name="cancel"),
    path("months/<month:month>/credit", press_credit, name="credit"),
    path("months/<month:month>/usage", load_usage, name="load_usage"),
    path("runs/", run_list, name="runs"),
    path("runs/<int:run_id>", run_page, name="batch_run"),
    path("usage-files/", usage_file_list, name="usage_files"),
    path("usage-files/gaps/", gap_list, name="usage_gaps"),
    path("usage-files/gaps/<int:gap_id>", gap_page, name="usage_gap"),
    path("usage-files/gaps/<int:gap_id>/excuse", excuse_gap, name="excuse_gap"),
    path("rejects/", reject_list, name="rejects"),
    path("rejects/retry", retry, name="retry"),
    path("rejects/<int:reject_id>", reject_page, name="reject"),
    path("rejects/<int:reject_id>/retry", retry_one, name="retry_one"),
    path("rejects/<int:reject_id>/correct", correct, name="correct_reject"),
]
