"""``--chart FILE``: which file a chart becomes, told by its ending."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.statistics.charts import ChartForm

ChartOption = Annotated[
    Path | None, typer.Option("--chart", metavar="FILE", help=mark("Draw a chart into this file, .svg or .png."))
]


def parse_chart_form(path: Path | None) -> "ChartForm | None":
    """The form that a chart's file name asks for; None: no chart.

    Raises:
        InputError: another ending.
    """
    if path is None:
        return None
    from newsletter.statistics.charts import ChartForm

    try:
        return ChartForm(path.suffix.casefold().removeprefix("."))
    except ValueError as error:
        raise InputError(
            _("{path}: a chart is .svg or .png.").format(path=path),
            hint=_("Let the file's name end in .svg or .png."),
        ) from error
