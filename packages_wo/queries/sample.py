"""The catalogue that the product ships, as a document: for scenarios and the demo operator."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SAMPLE_CATALOGUE = Path(__file__).resolve().parents[1] / "catalogue.yaml"


def sample_catalogue() -> dict[str, Any]:
    """A copy of the document that its reader may change."""
    return deepcopy(_document())


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(SAMPLE_CATALOGUE.read_text("utf-8"))
    return document
