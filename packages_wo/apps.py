from django.apps import AppConfig


class PackagesWoConfig(AppConfig):
    name = "packages_wo"
    verbose_name = "沃·商务套餐"
