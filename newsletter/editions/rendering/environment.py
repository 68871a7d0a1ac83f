"""How templates are found and read: strict about missing values, escaping in HTML, no stray white space."""

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from newsletter.editions.rendering.dates import format_day, format_full_date

#: Where in the package the templates stand.
_LOADER: Final = PackageLoader("newsletter", "templates")


@cache
def html_environment() -> Environment:
    """Templates that print HTML: every value is escaped unless it is ``Markup``."""
    return _environment(is_html=True)


@cache
def text_environment() -> Environment:
    """Templates that print plain text, for SMS: nothing is escaped."""
    return _environment(is_html=False)


def render_template(environment: Environment, name: str, **values: Any) -> str:
    """Fill the template ``name`` (a path below ``templates/``).

    Raises:
        jinja2.UndefinedError: the template asks for a value it was not given, a bug of ours.
    """
    return environment.get_template(name).render(**values)


def _environment(*, is_html: bool) -> Environment:
    environment = Environment(
        loader=_LOADER,
        autoescape=is_html,  # noqa: S701 (off for messages alone, where & must stay & and nothing is markup)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["day"] = format_day
    environment.filters["full_date"] = format_full_date
    return environment
