"""What codes are called on a branch's form, so that the form, filled in, is understood when it comes back as a list."""

from collections.abc import Mapping
from typing import Final

from newsletter.subscribers.labels import STANDING_LABELS
from newsletter.subscribers.models import Channel, Standing

LARGE_TYPE: Final = "大字版"
#: Heading of the form's own column for what a branch has to say of somebody; a census tells the desk of it.
CORRECTIONS: Final = "更正说明"
CHANNELS: Final[Mapping[str, str]] = {Channel.FULL_TEXT: "全文短信", Channel.MMS: "彩信"}
#: Of members as they call themselves; the list's reader takes both.
STANDINGS: Final[Mapping[str, str]] = {
    **{str(standing): label for standing, label in STANDING_LABELS.items()},
    Standing.PROBATIONARY: "预备党员",
    Standing.FULL: "正式党员",
}
YES: Final = "是"
NO: Final = "否"
