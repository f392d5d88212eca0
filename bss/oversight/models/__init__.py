from bss.oversight.models.relative import RelativeNumber
from bss.oversight.models.security_case import SecurityCase, SecurityEvidence, SecurityStep
from bss.oversight.models.watch import WatchMark, WatchSetting

__all__ = [
    "RelativeNumber",
    "SecurityCase",
    "SecurityEvidence",
    "SecurityStep",
    "WatchMark",
    "WatchSetting",
]
