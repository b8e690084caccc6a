"""A mail server on 127.0.0.1 that keeps what it is given: as much of RFC 5321 as tests need."""

import base64
import email
import email.policy
import socketserver
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Received:
    """``envelope`` has the addresses of MAIL FROM and RCPT TO, as they came."""

    account: str
    envelope: list[str]
    message: EmailMessage


class Conversation(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        self.account, self.envelope = "", []
        self.say("220 mail.test ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            match verb:
                case "EHLO":
                    self.say("250-mail.test", "250-8BITMIME", "250 AUTH PLAIN")
                case "AUTH":
                    self.authenticate(line.split()[2])
                case "MAIL" | "RCPT" if self.server.accounts and not self.account:
                    self.say("530 Authentication required")
                case "RCPT" if any(f"<{address}>" in line for address in self.server.refused):
                    self.say("550 No such user here")
                case "MAIL" | "RCPT":
                    self.envelope.append(line[line.index("<") + 1 : line.index(">")])
                    self.say("250 OK")
                case "DATA":
                    self.say("354 End with a line with a dot")
                    self.keep()
                    self.say("250 OK")
                case "RSET":
                    self.envelope = []
                    self.say("250 OK")
                case "QUIT":
                    self.say("221 Bye")
                    return
                case _:
                    self.say("502 Not here")

    def authenticate(self, encoded: str) -> None:
        _, name, password = base64.b64decode(encoded).decode().split("\0")
        if self.server.accounts.get(name) == password:
            self.account = name
            self.say("235 Welcome")
        else:
            self.say("535 Wrong name or password")

    def keep(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.server.received.append(Received(self.account, self.envelope, message))
        self.envelope = []

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@dataclass
class Inbox:
    """A server while the context lasts; ``accounts`` are passwords by name, none: open to all."""

    accounts: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def __enter__(self) -> "Inbox":
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self._server.daemon_threads = True
        self._server.accounts, self._server.refused = self.accounts, self.refused
        self.received = self._server.received = []
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._server.shutdown()
        self._server.server_close()
