from bss.kernel.models.api_call import ApiCall
from bss.kernel.models.approval import Approval
from bss.kernel.models.audit import AuditEntry
from bss.kernel.models.audit_chain import AuditCheck, AuditLink, AuditWaiting
from bss.kernel.models.batch import BatchRun, BatchStep
from bss.kernel.models.business_clock import BusinessClock
from bss.kernel.models.data_key import DataKey
from bss.kernel.models.notice import Notice
from bss.kernel.models.organisation import Organisation
from bss.kernel.models.outbox import OutboxEvent
from bss.kernel.models.role import Role
from bss.kernel.models.saved_view import SavedView
from bss.kernel.models.scheduled_run import ScheduledRun
from bss.kernel.models.staff import Staff

__all__ = [
    "ApiCall",
    "Approval",
    "AuditCheck",
    "AuditEntry",
    "AuditLink",
    "AuditWaiting",
    "BatchRun",
    "BatchStep",
    "BusinessClock",
    "DataKey",
    "Notice",
    "Organisation",
    "OutboxEvent",
    "Role",
    "SavedView",
    "ScheduledRun",
    "Staff",
]
