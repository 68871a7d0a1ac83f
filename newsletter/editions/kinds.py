"""What kinds of edition there are, by which channel they go, and what readers see a kind called."""

from enum import StrEnum


class Kind(StrEnum):
    """Why an edition is published; the value is what commands and the manifest say."""

    MAIN = "main"
    TOWN = "town"
    DEPARTMENT = "department"
    SPECIAL = "special"
    LESSON = "lesson"
    GUIDE = "guide"
    CORRECTION = "correction"

    @property
    def label(self) -> str:
        """What readers see, in Chinese; empty for the main edition, which is simply the paper."""
        match self:
            case Kind.MAIN:
                return ""
            case Kind.TOWN | Kind.DEPARTMENT:
                return "专刊"
            case Kind.SPECIAL:
                return "特刊"
            case Kind.LESSON:
                return "彩信党课"
            case Kind.GUIDE:
                return "节目单"
            case Kind.CORRECTION:
                return "更正"

    @property
    def is_dedicated(self) -> bool:
        """Whether the edition belongs to one town or department, whose name then stands before the label."""
        return self in (Kind.TOWN, Kind.DEPARTMENT)

    def heading(self, unit_name: str) -> str:
        """The label with its unit, as in 搬经镇专刊; other kinds belong to the whole paper and name no unit."""
        return f"{unit_name}{self.label}" if self.is_dedicated else self.label


class Channel(StrEnum):
    """How an edition reaches a telephone."""

    SMS = "sms"
    MMS = "mms"
