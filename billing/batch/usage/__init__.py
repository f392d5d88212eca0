"""The usage kernel: lines of a file become judged, rated, explained rows, in columns.

A line passes ``lines`` (bytes), ``shape`` (fields as numbers), ``directory`` (whose it is),
``ask`` (what it asks for), ``draw`` (what its allowances give), ``rows`` (PostgreSQL's own form).
The specification is ``billing/rules``; a property test holds the two together.
"""
