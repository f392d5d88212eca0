"""Whether the archive of usage is what its rows say: every file is there, whole and readable."""

from billing.batch.archive.bring_back import tables_of
from billing.batch.archive.write import check
from billing.models import UsageArchive, UsageArchiveFile
from billing.queries.archive_file import FAULTY
from bss.kernel import progress
from bss.kernel.errors import Sentence
from bss.kernel.object_store import StoreFaultError


def check_archive() -> tuple[int, list[str]]:
    """How many files were looked at, and a sentence for each that is not as it was written."""
    files = UsageArchiveFile.objects.filter(archive__state=UsageArchive.State.ARCHIVED)
    faults = []
    for done, file in enumerate(files.select_related("archive")):
        try:
            _check(file)
        except StoreFaultError as fault:
            faults.append(str(fault))
        progress.tell("files checked", done + 1, None)
    return len(files), faults


def _check(file: UsageArchiveFile) -> None:
    """Raises: StoreFaultError."""
    check(file)
    if sum(map(len, tables_of(file))) != file.records:
        raise StoreFaultError(("", Sentence(FAULTY, name=file.name)))
