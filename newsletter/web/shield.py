"""What holds for every answer: its headers, how often one may ask, and that trouble shows as a page and no more."""

import logging
from collections.abc import Callable
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.errors import NewsletterError
from newsletter.web.buckets import Buckets
from newsletter.web.pages import style_source

_LOG: Final = logging.getLogger("newsletter.web")
_TOO_MANY, _BROKEN, _UNAVAILABLE = 429, 500, 503
#: Makes the page that goes with a status.
ErrorPage = Callable[[Request, int], HTMLResponse]


def security_headers() -> list[tuple[bytes, bytes]]:
    """Nothing is fetched, framed, kept, indexed, or told to where a reader goes next."""
    policy = (
        f"default-src 'none'; style-src {style_source()}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class Shield:
    """Stands around all routes (ASGI middleware)."""

    def __init__(self, app: ASGIApp, *, buckets: Buckets, error_page: ErrorPage) -> None:
        self._app, self._buckets, self._error_page = app, buckets, error_page
        self._headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, begun = Request(scope), False

        async def send_shielded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", ()), *self._headers]
            await send(message)

        if not self._buckets.take(request.client.host if request.client else ""):
            await self._error_page(request, _TOO_MANY)(scope, receive, send_shielded)
            return
        try:
            await self._app(scope, receive, send_shielded)
        except Exception as error:  # noqa: BLE001 (the last resort: a page, and one line without what was asked for)
            status = _UNAVAILABLE if isinstance(error, NewsletterError) else _BROKEN
            _LOG.error("%s", f"{type(error).__name__}: {status}")
            if not begun:
                await self._error_page(request, status)(scope, receive, send_shielded)
