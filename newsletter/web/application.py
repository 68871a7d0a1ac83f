"""The web application: the page a message's opt-out link leads to, and what tells a watcher that it is up."""

import asyncio

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, PlainTextResponse
from sqlmodel import select
from starlette.exceptions import HTTPException as AnyHTTPException

from newsletter.delivery.link_departures import leave_by_link
from newsletter.delivery.links import Link, find_link
from newsletter.keys import LINK_TOKEN_LENGTH
from newsletter.newsroom import Newsroom
from newsletter.web.buckets import MISS_COST, Buckets
from newsletter.web.forms import read_departure
from newsletter.web.languages import choose_language
from newsletter.web.pages import page_left, page_of_trouble, page_to_leave
from newsletter.web.shield import Shield

_NOT_FOUND, _TOO_SLOW = 404, 408
#: Seconds a form may take to come in.
_BODY_SECONDS = 10.0


def create_app(newsroom: Newsroom, *, buckets: Buckets | None = None) -> FastAPI:
    """The application for one newsroom; nobody need act in it, but its data key must be here.

    Args:
        newsroom: opened; its database is used from several threads.
        buckets: how often one address may ask; a test hands in its own.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    pages = _Pages(newsroom, buckets or Buckets())
    app.add_api_route("/u/{token:path}", pages.ask, methods=["GET", "HEAD"])
    app.add_api_route("/u/{token:path}", pages.leave, methods=["POST"])
    app.add_api_route("/healthz", pages.tell_health, methods=["GET", "HEAD"])
    app.add_exception_handler(AnyHTTPException, pages.explain)
    app.add_middleware(Shield, buckets=pages.buckets, error_page=pages.trouble)
    return app


class _Pages:
    """Answers requests out of one newsroom."""

    def __init__(self, newsroom: Newsroom, buckets: Buckets) -> None:
        self._newsroom, self.buckets = newsroom, buckets

    def ask(self, request: Request, token: str) -> HTMLResponse:
        """Show the page; nothing is changed, since programs that draw previews follow links too."""
        link = self._find(request, token)
        return HTMLResponse(page_to_leave(self._newsroom.settings, self._language(request), link))

    async def leave(self, request: Request, token: str) -> HTMLResponse:
        """Record that they leave, and say so; the second time nothing is recorded, and the same is said."""
        link = await run_in_threadpool(self._find, request, token)
        try:
            departure = await asyncio.wait_for(read_departure(request), _BODY_SECONDS)
        except TimeoutError as error:
            raise HTTPException(_TOO_SLOW) from error
        await run_in_threadpool(
            leave_by_link,
            self._newsroom,
            link,
            everything=departure.everything,
            reason=departure.reason,
            note=departure.note,
        )
        settings, language = self._newsroom.settings, self._language(request)
        return HTMLResponse(page_left(settings, language, link, everything=departure.everything))

    def tell_health(self) -> PlainTextResponse:
        """Say that the database answers."""
        with self._newsroom.reading() as session:
            session.exec(select(1)).one()
        return PlainTextResponse("ok\n")

    def trouble(self, request: Request, status: int) -> HTMLResponse:
        """The page that goes with an error."""
        page = page_of_trouble(self._newsroom.settings, self._language(request), status)
        return HTMLResponse(page, status_code=status)

    async def explain(self, request: Request, error: Exception) -> Response:
        """Turn what the framework refuses into a page of ours."""
        return self.trouble(request, error.status_code if isinstance(error, AnyHTTPException) else _NOT_FOUND)

    def _find(self, request: Request, token: str) -> Link:
        # A telephone may take what stands behind a link for a part of it: a full stop, a bracket, a word.
        with self._newsroom.reading() as session:
            link = find_link(session, self._newsroom.data_keys, token.strip()[:LINK_TOKEN_LENGTH])
        if link is None:
            self.buckets.take(request.client.host if request.client else "", MISS_COST - 1)
            raise HTTPException(_NOT_FOUND)
        return link

    def _language(self, request: Request) -> str:
        return choose_language(request.headers.get("accept-language", ""), self._newsroom.settings.newsroom.language)
