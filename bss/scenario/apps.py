from django.apps import AppConfig


class ScenarioConfig(AppConfig):
    name = "bss.scenario"
    label = "scenario"
