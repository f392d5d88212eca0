from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "bss.reports"
    label = "reports"
    verbose_name = "报表"
