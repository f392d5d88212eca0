"""The usage kernel: lines of a file become judged, rated, explained rows, in columns.

A line passes ``lines`` (bytes), ``commas`` or ``fixed`` (fields), ``shape`` (numbers),
``directory`` (whose it is), ``ask`` (what it asks for), ``draw`` (what its allowances give),
``binary`` (PostgreSQL's own form).
The specification is ``billing/rules``; a property test holds the two together.
"""
