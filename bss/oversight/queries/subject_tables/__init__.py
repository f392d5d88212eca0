"""Every table that holds something of a customer, as their copy tells it."""

from bss.oversight.queries.subject_tables import account, money, person, services, told, work
from bss.oversight.queries.subject_tables.left_out import LEFT_OUT
from bss.oversight.queries.subject_tables.table import Table

TABLES: tuple[Table, ...] = (
    *services.TABLES,
    *account.TABLES,
    *money.TABLES,
    *told.TABLES,
    *person.TABLES,
    *work.TABLES,
)

__all__ = ["LEFT_OUT", "TABLES", "Table"]
