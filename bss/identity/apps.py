from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "bss.identity"
    label = "identity"
    verbose_name = "身份与认证"

    def ready(self) -> None:
        from bss.identity.listeners import listen

        listen()
