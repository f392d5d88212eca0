"""How messages leave the house: SMPP 3.4 to a short message centre, SMTP to a mail server.

``carrier`` is what the product asks of either, ``smpp`` and ``mail`` speak the protocols, ``smsc``
and ``postbox`` are the local simulators of the other side, each a process of its own.
"""
