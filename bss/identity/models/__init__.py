from bss.identity.models.interface_number import InterfaceNumber
from bss.identity.models.password import PastPassword
from bss.identity.models.personal_token import PersonalToken
from bss.identity.models.recovery import Recovery
from bss.identity.models.sub_account import OutsideSystem, SubAccount

__all__ = [
    "InterfaceNumber",
    "OutsideSystem",
    "PastPassword",
    "PersonalToken",
    "Recovery",
    "SubAccount",
]
