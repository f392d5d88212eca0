from bss.identity.models.password import PastPassword
from bss.identity.models.sub_account import OutsideSystem, SubAccount

__all__ = ["OutsideSystem", "PastPassword", "SubAccount"]
