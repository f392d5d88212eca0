from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "bss.oversight"
    label = "oversight"
    verbose_name = "监督与审计"
