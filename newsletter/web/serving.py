"""Serving the web application from this process: a socket, uvicorn, and no line about who asked for what."""

import socket
from collections.abc import Callable

from newsletter.errors import OutsideError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.register import raise_if_wrong_key
from newsletter.translation import gettext as _

#: Seconds that requests under way have to end once it is told to stop.
_GRACE_SECONDS = 5
#: Connections held at once, idle ones too; more are told to come back.
_MOST_AT_ONCE = 1_000


def serve_newsroom(
    newsroom: Newsroom, *, host: str, port: int, is_behind_proxy: bool, announce: Callable[[str], None]
) -> None:
    """Serve until the process is told to stop.

    Args:
        newsroom: its data key must be here; no staff key is needed, and none ought to be.
        host: the address of this machine to listen on.
        port: 0 takes any that is free.
        is_behind_proxy: believe what a proxy says of who asks (``X-Forwarded-For``), if it is on this machine or named
            in the environment's ``FORWARDED_ALLOW_IPS``.
        announce: told the address once it listens.

    Raises:
        MissingKeyError: the data key is not here, or is not the one that hid the members.
        OutsideError: the address cannot be listened on.
    """
    import uvicorn

    from newsletter.web.application import create_app
    from newsletter.web.impatience import ImpatientProtocol

    raise_if_wrong_key(newsroom, newsroom.data_keys)
    listener = _listen(host, port)
    config = uvicorn.Config(
        create_app(newsroom),
        access_log=False,  # a link's token is what lets somebody leave: it belongs in no log
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=is_behind_proxy,
        http=ImpatientProtocol,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    address, bound = listener.getsockname()[:2]
    announce(f"http://{f'[{address}]' if ':' in address else address}:{bound}")
    with listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise OutsideError(
            _("Cannot listen on {host}, port {port}: {reason}.").format(host=host, port=port, reason=reason),
            hint=_("Give another --port, or stop what uses this one."),
        ) from error
