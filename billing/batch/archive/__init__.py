"""Old months of ``billing_record`` as Parquet files: written, read back, put away, brought back.

``rows`` (the table as columns), ``write`` (a file, and what proves it), ``detach`` (the month
leaves the table), ``bring_back``, ``forget`` (erased customers), ``ids`` (record ids for ever).
Files are read by ``billing/queries/archive_file.py``. Source: ADR 0035.
"""
