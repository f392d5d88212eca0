"""One file of the usage archive: sealed Parquet, sorted by subscription and time.

Its data key seals footer and pages; the name is bound in, so that no file passes for another. What
was altered does not open. Source: ADR 0035.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from pyarrow.parquet.encryption import create_decryption_properties, create_encryption_properties

from billing.models import UsageArchive, UsageArchiveFile
from bss.kernel import data_keys
from bss.kernel.errors import Sentence
from bss.kernel.object_store import Folder, ObjectStore, StoreFaultError
from bss.kernel.periods import Month

BY = "subscription_id"
MISSING = "话单归档文件 %(name)s 不在归档存储中，请从备份恢复该文件后再试。"
FAULTY = "话单归档文件 %(name)s 打不开或已被改动，请从备份恢复该文件后再试。"


def store() -> ObjectStore:
    """Where the archive is."""
    return Folder(settings.USAGE_ARCHIVE_DIR)


def manifest_of(month: Month) -> str:
    """Where the list of a month's files is: for people, and for whoever has the store alone."""
    return f"{month}/manifest.json"


def sealing_of(name: str, key_id: UUID) -> Any:
    """How a new file of that name is sealed."""
    return create_encryption_properties(
        data_keys.opened(key_id), aad_prefix=name.encode(), store_aad_prefix=False
    )


@contextmanager
def opened(file: UsageArchiveFile) -> Iterator[pq.ParquetFile]:
    """The file, to be read inside the block. Raises: StoreFaultError."""
    with faults_told(file.name), store().open(file.name) as source:
        unsealing = create_decryption_properties(
            data_keys.opened(file.data_key_id), aad_prefix=file.name.encode()
        )
        yield pq.ParquetFile(source, decryption_properties=unsealing)


@contextmanager
def faults_told(name: str) -> Iterator[None]:
    """Raises: StoreFaultError for a file that is not there, cannot be read or was altered."""
    try:
        yield
    except FileNotFoundError as error:
        raise StoreFaultError(("", Sentence(MISSING, name=name))) from error
    except (OSError, ValueError) as error:  # also a key that was destroyed
        raise StoreFaultError(("", Sentence(FAULTY, name=name))) from error


def rows_of(
    file: UsageArchiveFile, *, subscriptions: Sequence[int], columns: Sequence[str]
) -> pa.Table:
    """The records of these subscriptions; row groups without any are not read.

    Raises: StoreFaultError.
    """
    wanted = np.unique(np.array(subscriptions, np.int64))
    with opened(file) as parquet:
        groups = [
            number
            for number, (first, last) in enumerate(bounds_of(parquet))
            if np.searchsorted(wanted, first) < np.searchsorted(wanted, last, side="right")
        ]
        names = list(dict.fromkeys([BY, *columns]))
        table = parquet.read_row_groups(groups, columns=names)
    return table.filter(pa.array(np.isin(table[BY].to_numpy(), wanted)))


def bounds_of(parquet: pq.ParquetFile) -> Iterator[tuple[int, int]]:
    """The first and the last subscription of each row group."""
    place = parquet.schema_arrow.get_field_index(BY)
    for number in range(parquet.num_row_groups):
        statistics = parquet.metadata.row_group(number).column(place).statistics
        yield statistics.min, statistics.max


def archived_months() -> frozenset[date]:
    """The months whose records are in files."""
    archived = UsageArchive.objects.filter(state=UsageArchive.State.ARCHIVED)
    return frozenset(archived.values_list("month", flat=True))


def archived_records(month: Month) -> int:
    """How many records of the month are in files; 0 of a month that is in the table."""
    archived = UsageArchive.objects.filter(state=UsageArchive.State.ARCHIVED, month=month.first_day)
    return archived.values_list("records", flat=True).first() or 0
