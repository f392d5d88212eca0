from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "bss.kernel"
    label = "kernel"
    verbose_name = "地基"
