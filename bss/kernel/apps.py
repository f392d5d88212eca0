from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class KernelConfig(AppConfig):
    name = "bss.kernel"
    label = "kernel"
    verbose_name = "地基"

    def ready(self) -> None:
        from bss.kernel.audit.session import tell_who_acts

        connection_created.connect(tell_who_acts, dispatch_uid="bss.kernel.audit")
        import_module("bss.kernel.logs").install()
        import_module("bss.celery")  # so that shared tasks know their application everywhere
