"""The house's list of wordings: which are forbidden or better put otherwise, and what class of error they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from newsletter.articles.reference.codes import ErrorCode, Severity
from newsletter.articles.reference.lexicon import Lexicon
from newsletter.articles.reference.tables import Row, read_once
from newsletter.translation import gettext as _

TERMS_FILE: Final = "terms.csv"
_COLUMNS: Final = {"wording": "用语", "use": "应为", "code": "类别", "severity": "级别", "why": "说明"}
#: What offices call the classes, besides the codes themselves.
_CODES: Final = {
    "导向": ErrorCode.ORIENTATION,
    "政治导向": ErrorCode.ORIENTATION,
    "政治": ErrorCode.ORIENTATION,
    "涉密": ErrorCode.SECRECY,
    "保密": ErrorCode.SECRECY,
    "事实": ErrorCode.FACT,
    "新闻事实": ErrorCode.FACT,
    "数据": ErrorCode.DATA,
    "重要数据": ErrorCode.DATA,
    "领导": ErrorCode.LEADER,
    "领导人": ErrorCode.LEADER,
    "地名": ErrorCode.PLACE,
    "单位": ErrorCode.PLACE,
    "语法": ErrorCode.GRAMMAR,
    "错字": ErrorCode.TYPO,
    "错别字": ErrorCode.TYPO,
    "格式": ErrorCode.STYLE,
    "标点": ErrorCode.STYLE,
    "规范": ErrorCode.STYLE,
}
_SEVERITIES: Final = {"禁用": Severity.BLOCKING, "提醒": Severity.WARNING}


@dataclass(frozen=True)
class Term:
    """A wording, what to write instead (empty: nothing), and why."""

    wording: str
    use: str
    code: ErrorCode
    severity: Severity
    why: str


@dataclass(frozen=True)
class Terms:
    """All terms of a newsroom."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def by_wording(self) -> dict[str, Term]:
        """A term by its wording; the last of several counts."""
        return {term.wording: term for term in self.terms}

    @cached_property
    def lexicon(self) -> Lexicon:
        """The wordings, ready to be looked for."""
        return Lexicon(self.by_wording)


def read_terms(path: Path) -> tuple[Term, ...]:
    """The terms of a file; none if it is missing.

    Raises:
        ReferenceFileError: an error in it, by line and column.
    """
    return read_once(path, _COLUMNS, _read_term, optional=("use", "why"))


def _read_term(row: Row) -> Term:
    return Term(
        wording=row.required("wording"),
        use=row["use"],
        code=ErrorCode(_choose(row, "code", _CODES, ErrorCode)),
        severity=Severity(_choose(row, "severity", _SEVERITIES, Severity)),
        why=row["why"],
    )


def _choose(row: Row, column: str, labels: Mapping[str, str], codes: Iterable[str]) -> str:
    """A cell's code, which may be given by a Chinese label."""
    word = row.required(column).casefold()
    code = labels.get(word, word)
    if code not in list(codes):
        known = ", ".join((*codes, *labels))
        raise row.wrong(column, _("{word} is none of {known}.").format(word=word[:40], known=known))
    return code
