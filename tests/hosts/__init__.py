"""Beyond one machine: a month's files and its close, done by Celery workers of two hosts.

``python -m tests.hosts`` is the machine with the servers, in a network namespace of its own. Each
``host`` is a namespace with a cable to it: it has a name and an address, sees neither the servers'
data nor their sockets, and reaches PostgreSQL and Valkey by TCP with the password alone. In the
``rounds`` one host loses its cable and comes back, and is switched off the next time; afterwards
the picture by natural keys must be that of one process that nobody disturbed.
"""
