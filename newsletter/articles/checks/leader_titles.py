"""Posts that are not the named leader's on that day: succeeded, left, not yet taken up, or another's."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from newsletter.articles.checks.findings import ErrorCode, Finding, Span
from newsletter.articles.reference.loading import CheckContext
from newsletter.articles.reference.posts import head_of, without_grade
from newsletter.translation import gettext as _

CHECK: Final = "leader_titles"
#: Said of somebody who no longer holds the post.
_FORMER: Final = ("原", "前", "前任", "老")
#: Said of somebody who held it at the time that is told of.
_THEN: Final = ("时任", "曾任", "历任")
#: What stands between the posts of one person, and between post and name.
_BETWEEN_POSTS: Final = "、兼"
_GAP: Final = " 　:：（("
#: Ends of the names of bodies: a bare 主任 after one of these is that body's, whatever the roster says of others.
_BODY_ENDS: Final = frozenset("会办委组部局院处科室站所司队校社厂镇乡村区市县道团支总州省大协联")


@dataclass(frozen=True)
class Mention:
    """A leader's name with one post that is written beside it; ``former`` is what stands before the posts."""

    start: int
    end: int
    name: str
    post: str
    former: str
    is_only: bool


def find_wrong_titles(field: str, text: str, context: CheckContext) -> list[Finding]:
    """Posts written beside a name that the roster gives to somebody else on that day, or to nobody."""
    return [
        _describe(Span(field, text, mention.start, mention.end), mention, context)
        for mention in _mentions(text, context)
        if not _is_right(mention, context)
    ]


def _mentions(text: str, context: CheckContext) -> Iterator[Mention]:
    for start, end, name in context.roster.lexicon.find(text):
        posts = list(posts_before(text, start, context))
        former = _former(text, posts[-1][0] if posts else start)
        for position, post in posts:
            if not is_other_body(text, position, post, context):
                yield Mention(position, end, name, post, former, is_only=len(posts) == 1)
        after = end + (text[end : end + 1] in ("（", "("))
        post = context.posts.lexicon.word_at(text, after)
        if post:
            yield Mention(start, after + len(post), name, post, "", is_only=True)


def posts_before(text: str, end: int, context: CheckContext) -> Iterator[tuple[int, str]]:
    """The posts written right before a name, the nearest first: where each begins, and what it is."""
    end = len(text[:end].rstrip(_GAP))
    while post := context.posts.lexicon.word_before(text, end):
        end -= len(post)
        yield end, post
        if text[end - 1 : end] not in _BETWEEN_POSTS or not end:
            return
        end -= 1


def _former(text: str, start: int) -> str:
    return next((word for word in (*_THEN, *_FORMER) if text.endswith(word, 0, start)), "")


def is_other_body(text: str, position: int, post: str, context: CheckContext) -> bool:
    """Whether the post is of a body that the roster has no such post of: 安委会主任."""
    return text[max(0, position - 1) : position] in _BODY_ENDS and not any(
        unit in post for unit in {tenure.unit for tenure in context.posts.written[post]} if unit
    )


def _is_right(mention: Mention, context: CheckContext) -> bool:
    holders = context.posts.written[mention.post]
    own = [tenure for tenure in holders if tenure.name == mention.name]
    if mention.former in _THEN:
        return bool(own) or not holders
    if mention.former:
        return any(tenure.is_over(context.date) for tenure in own) or not holders
    if any(tenure.covers(context.date) for tenure in own):
        return True
    return not holders and not (mention.is_only and _is_other_grade(mention, context))


def _is_other_grade(mention: Mention, context: CheckContext) -> bool:
    """Whether a post nobody on the roster holds is the person's own, raised or lowered: 副镇长 of a 镇长."""
    held = {head_of(tenure.post) for tenure in context.roster.of(mention.name) if tenure.covers(context.date)}
    return without_grade(head_of(mention.post)) in {without_grade(head) for head in held}


def _describe(span: Span, mention: Mention, context: CheckContext) -> Finding:
    holders = list(dict.fromkeys(tenure.name for tenure in context.posts.holders(mention.post, context.date)))
    own = [tenure for tenure in context.roster.of(mention.name) if tenure.covers(context.date)]
    was = [tenure for tenure in context.posts.written[mention.post] if tenure.name == mention.name]
    if len(holders) == 1 and holders != [mention.name]:
        message = _("{name} is not {post} on {date}; {holder} is.")
        message = message.format(name=mention.name, post=mention.post, date=context.date, holder=holders[0])
    else:
        message = _("{name} is not {post} on {date}.")
        message = message.format(name=mention.name, post=mention.post, date=context.date)
    if was and len(holders) == 1 and holders != [mention.name]:
        return span.find(CHECK, ErrorCode.LEADER, message, suggestion=f"{mention.post}{holders[0]}")
    suggestion = "、".join(map(context.posts.in_full, own)) + mention.name if own else ""
    return span.find(CHECK, ErrorCode.LEADER, message, suggestion=suggestion)
