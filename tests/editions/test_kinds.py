"""What readers see an edition called."""

import pytest

from newsletter.editions.kinds import Channel, Kind


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        (Kind.MAIN, ""),
        (Kind.TOWN, "搬经镇专刊"),
        (Kind.DEPARTMENT, "搬经镇专刊"),
        (Kind.SPECIAL, "特刊"),
        (Kind.LESSON, "彩信党课"),
        (Kind.GUIDE, "节目单"),
        (Kind.CORRECTION, "更正"),
    ],
)
def test_only_dedicated_editions_name_their_unit(kind: Kind, heading: str) -> None:
    assert kind.heading("搬经镇") == heading


def test_values_are_the_words_of_commands_and_manifests() -> None:
    assert [*Kind] == ["main", "town", "department", "special", "lesson", "guide", "correction"]
    assert [*Channel] == ["sms", "mms"]
