"""Small files that tests hand to commands."""

from pathlib import Path

ARTICLE = """---
title: {title}
column: {column}
contributor: {contributor}
---
{body}
"""
BODY = (
    "十一月十六日,搬经镇在村口晒场上开了一场板凳会,党员和群众坐在一起商量今冬清淤的事。\n\n会后当天就定下了三段河道。"
)


def an_article_file(
    directory: Path,
    title: str = "板凳会开到田头",
    *,
    column: str = "要闻",
    contributor: str = "陆小满",
    body: str = BODY,
    name: str = "",
) -> Path:
    """A Markdown article with front matter."""
    path = directory / (name or f"{title}.md")
    path.write_text(ARTICLE.format(title=title, column=column, contributor=contributor, body=body), encoding="utf-8")
    return path


def a_subscriber_file(directory: Path, count: int = 12, *, unit: str = "banjing", first: int = 0) -> Path:
    """A CSV of ``count`` members with Chinese headings; numbers follow each other from ``first``."""
    path = directory / f"members-{unit}-{first}-{count}.csv"
    rows = [f"{number_of(first + n)},成员{first + n},{unit},工人,正式党员,否,否" for n in range(count)]
    path.write_text("手机号,姓名,单位,职业,身份,流动,离退休\n" + "\n".join(rows) + "\n", encoding="utf-8-sig")
    return path


def number_of(place: int) -> str:
    """The number of the member at ``place``, from 0."""
    return f"139{place:08d}"
