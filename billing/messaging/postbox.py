"""The mail server in small: takes mail over SMTP, and keeps or refuses it.

As a process: ``python -m billing.messaging.postbox --port 2525``. An address whose name is
``nobody`` does not exist, one whose name is ``full`` has no room for now.
"""

import argparse
import asyncio
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Postbox:
    """What it has taken, and whether it hangs up instead of saying that it has."""

    taken: list[EmailMessage] = field(default_factory=list)
    drop_after: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        name = address.partition("@")[0]
        if name == "nobody":
            return "550 no such mailbox"
        if name == "full":
            return "452 no room in the mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = cast(bytes, envelope.content)
        self.taken.append(cast(Any, message_from_bytes(content, policy=policy.default)))
        if self.drop_after:
            self.drop_after -= 1
            cast(Any, server).transport.abort()
        return "250 OK"


class MailServer(Controller):
    """The simulated server on a local port (0: any free one), in a thread of its own."""

    handler: Postbox

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(Postbox(), hostname="127.0.0.1", port=port)

    def _trigger_server(self) -> None:
        """The port is known when the server listens; with 0 it is the system's choice."""
        listening = cast(asyncio.Server, self.server)
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()


def main() -> None:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(description="A mail server to try mail with.")
    parser.add_argument("--port", type=int, default=2525)
    server = MailServer(port=parser.parse_args().port)
    server.start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
