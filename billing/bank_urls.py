"""The addresses of banks' files, debit batches, mandates and unidentified money."""

from django.urls import path

from billing.views.bank_file import file_page
from billing.views.bank_file_list import file_list
from billing.views.bank_upload import upload_page
from billing.views.debit_batch import batch_page, end_batch, export_batch
from billing.views.debit_list import debit_list, draw_up
from billing.views.mandate import end_mandate, mandate_page, mandate_pdf
from billing.views.mandate_list import mandate_list
from billing.views.unidentified import give_back, identify, match_desk, unidentified_page
from billing.views.unidentified_list import unidentified_list

urlpatterns = [
    path("accounts/<str:code>/mandate", mandate_page, name="mandate"),
    path("mandates/", mandate_list, name="mandates"),
    path("mandates/<int:mandate_id>.pdf", mandate_pdf, name="mandate_pdf"),
    path("mandates/<int:mandate_id>/end", end_mandate, name="end_mandate"),
    path("debits/", debit_list, name="debits"),
    path("debits/draw-up", draw_up, name="draw_up_debits"),
    path("debits/<int:batch_id>", batch_page, name="debit_batch"),
    path("debits/<int:batch_id>/file", export_batch, name="export_debits"),
    path("debits/<int:batch_id>/end", end_batch, name="end_debits"),
    path("bank-files/", file_list, name="bank_files"),
    path("bank-files/<int:file_id>", file_page, name="bank_file"),
    path("bank-files/uploads/<int:upload_id>", upload_page, name="bank_upload"),
    path("unidentified/", unidentified_list, name="unidentified"),
    path("unidentified/<int:unidentified_id>", unidentified_page, name="unidentified_payment"),
    path("unidentified/<int:unidentified_id>/identify", identify, name="identify"),
    path("unidentified/<int:unidentified_id>/give-back", give_back, name="give_back"),
    path("unidentified/<int:unidentified_id>/desk", match_desk, name="match_desk"),
]
