from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "bss.demo"
    label = "demo"
