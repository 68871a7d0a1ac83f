"""A browser that follows links into the application, without a network or a server."""

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI


class Browser:
    """Asks for pages; an error that the application lets through is an error of the test."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def request(self, method: str, path: str, **named: Any) -> httpx.Response:
        return asyncio.run(self._request(method, path, **named))

    def get(self, path: str, **named: Any) -> httpx.Response:
        return self.request("GET", path, **named)

    def post(self, path: str, **named: Any) -> httpx.Response:
        return self.request("POST", path, **named)

    async def _request(self, method: str, path: str, **named: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="https://news.example.org") as client:
            return await client.request(method, path, **named)
