"""Options and arguments that several commands share, so that each means the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.translation import mark

JsonOption = Annotated[bool, typer.Option("--json", help=mark("Print one JSON document and nothing else."))]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help=mark("Answer every question with yes."))]
EditionArgument = Annotated[int, typer.Argument(metavar="EDITION", help=mark("The edition's number, as printed."))]
ArticleArgument = Annotated[int, typer.Argument(metavar="ARTICLE", help=mark("The article's number, as printed."))]
ReasonOption = Annotated[str, typer.Option("--reason", help=mark("Why, in a few words."))]
UnitOption = Annotated[str | None, typer.Option("--unit", metavar="UNIT", help=mark("A unit's code or exact name."))]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=mark("Write to this file."))]
