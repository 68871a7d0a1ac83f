"""How long a connection may be held without asking for anything: uvicorn itself waits for ever for a first line."""

from asyncio import BaseTransport, TimerHandle
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

#: Seconds between looking whether a connection is at work: it has a whole request to answer, or is closed.
HEADER_SECONDS: Final = 10.0


class ImpatientProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, closing connections on which no whole request arrives."""

    header_seconds = HEADER_SECONDS
    _timer: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more is waited for."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(self.header_seconds, self._look)

    def _look(self) -> None:
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.close()
        else:
            self._wait()
