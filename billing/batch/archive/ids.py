"""Record ids of archived months: the keys that a load's filter lets pass, looked up in the files.

Source: RAT-15; rules.md section 6 ("record_id is unique for ever").
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from billing.batch.usage.words import Ints
from billing.models import UsageArchive, UsageArchiveFile
from billing.queries.archive_file import opened

IdsIn = Callable[[int, Sequence[str]], list[str]]


def archived_ids(keys: Mapping[date, Ints], *, ids_in: IdsIn) -> list[str]:
    """The record ids of archived records that have one of the keys of their month.

    Shape: month → keys. Raises: StoreFaultError.
    """
    files = UsageArchiveFile.objects.filter(
        archive__state=UsageArchive.State.ARCHIVED, archive__month__in=keys
    )
    found = []
    for file in files.select_related("archive"):
        wanted = np.unique(keys[file.archive.month])
        with opened(file) as parquet:
            for file_id, lines in _lines_with(parquet, wanted):
                found += ids_in(file_id, lines)
    return found


def _lines_with(parquet: pq.ParquetFile, wanted: Ints) -> Iterator[tuple[int, list[str]]]:
    """The lines of the records with these keys, file by file; only row groups that have any."""
    for number in range(parquet.num_row_groups):
        keys = parquet.read_row_group(number, columns=["key"])["key"].to_numpy()
        rows = np.flatnonzero(np.isin(keys, wanted))
        if not len(rows):
            continue
        table = parquet.read_row_group(number, columns=["file_id", "line"]).take(pa.array(rows))
        file_ids = table["file_id"].to_numpy()
        for file_id in np.unique(file_ids).tolist():
            yield file_id, table["line"].filter(pa.array(file_ids == file_id)).to_pylist()
