"""Where messages to customers go out; an empty address means that they wait."""

import os
from datetime import time

# host:port of the short message centre (SMPP 3.4), and how we log in there.
SMSC_ADDRESS = os.environ.get("SMSC_ADDRESS", "")
SMSC_SYSTEM_ID = os.environ.get("SMSC_SYSTEM_ID", "wo-bss")
SMSC_PASSWORD = os.environ.get("SMSC_PASSWORD", "")
SMS_SOURCE = os.environ.get("SMS_SOURCE", "10010")

# host:port of the mail server, and how we log in there.
MAIL_ADDRESS = os.environ.get("MAIL_ADDRESS", "")
MAIL_USERNAME = os.environ.get("MAIL_USERNAME", "")
MAIL_PASSWORD = os.environ.get("MAIL_PASSWORD", "")
MAIL_TLS = os.environ.get("MAIL_TLS", "") == "1"
MAIL_SENDER = os.environ.get("MAIL_SENDER", "notice@wo-bss.example")

# No text message goes out from the first to the second, by the business clock (docs/adr).
QUIET_HOURS = (time(21), time(8))
