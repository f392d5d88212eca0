"""The same month by Tryton, as a yardstick: in an environment that is made, used and thrown away.

Tryton is under the GPL and no part of the product: ``month`` runs in another process, with the
packages of ``requirements.lock`` that nobody else installs, on a database of its own.
"""
