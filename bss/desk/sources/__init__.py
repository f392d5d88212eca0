"""Where the one search box looks: a module per kind of thing, in the order they are shown."""

from bss.desk.search import Source
from bss.desk.sources.cases import find_cases
from bss.desk.sources.channels import find_channels

SOURCES: tuple[Source, ...] = (find_cases, find_channels)
