"""The addresses of credit control."""

from django.urls import path

from billing.views.account_credit import account_credit, ask_limit, set_notice_address
from billing.views.class_limits import class_limit, class_limits
from billing.views.credit_runs import credit_runs, press_run
from billing.views.ending_list import close_ending, ending_list, ending_pdf
from billing.views.exposure_list import exposure_list
from billing.views.message_list import message_list, retry_message
from billing.views.reminder_list import reminder_list
from billing.views.reminder_steps import message_words, reminder_step, reminder_steps

urlpatterns = [
    path("accounts/<str:code>/credit", account_credit, name="account_credit"),
    path("accounts/<str:code>/credit/limit", ask_limit, name="ask_limit"),
    path("accounts/<str:code>/credit/address", set_notice_address, name="set_notice_address"),
    path("credit/", credit_runs, name="credit_runs"),
    path("credit/run", press_run, name="press_credit_run"),
    path("credit/reminders/", reminder_list, name="reminders"),
    path("credit/messages/", message_list, name="messages"),
    path("credit/messages/<int:message_id>/retry", retry_message, name="retry_message"),
    path("credit/limits/", exposure_list, name="exposures"),
    path("credit/limits/classes/", class_limits, name="class_limits"),
    path("credit/limits/classes/<int:limit_id>", class_limit, name="class_limit"),
    path("credit/pre-terminations/", ending_list, name="endings"),
    path("credit/pre-terminations/<int:subscription_id>.pdf", ending_pdf, name="ending_pdf"),
    path("credit/pre-terminations/<int:subscription_id>/close", close_ending, name="close_ending"),
    path("credit/steps/", reminder_steps, name="reminder_steps"),
    path("credit/steps/<int:step_id>", reminder_step, name="reminder_step"),
    path("credit/steps/words/<int:template_id>", message_words, name="message_words"),
]
