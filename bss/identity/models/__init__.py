from bss.identity.models.access_control import AllowedNetwork, OpeningHours
from bss.identity.models.interface_number import InterfaceNumber
from bss.identity.models.password import PastPassword
from bss.identity.models.personal_token import PersonalToken
from bss.identity.models.recovery import Recovery
from bss.identity.models.sub_account import OutsideSystem, SubAccount
from bss.identity.models.work_session import WorkSession

__all__ = [
    "AllowedNetwork",
    "InterfaceNumber",
    "OpeningHours",
    "OutsideSystem",
    "PastPassword",
    "PersonalToken",
    "Recovery",
    "SubAccount",
    "WorkSession",
]
