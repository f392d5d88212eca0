from importlib import import_module

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "bss.kernel"
    label = "kernel"
    verbose_name = "地基"

    def ready(self) -> None:
        import_module("bss.kernel.logs").install()
        import_module("bss.celery")  # so that shared tasks know their application everywhere
