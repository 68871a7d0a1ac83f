"""Every table of the newsroom's database, imported so that the metadata is whole: for migrations and for tests."""

from sqlmodel import SQLModel

from newsletter.articles import models as articles
from newsletter.articles import sharing
from newsletter.delivery import models as delivery
from newsletter.editions import models as editions
from newsletter.editions import rule_books
from newsletter.journal import statements
from newsletter.organisation import columns, contributors, papers, staff, units
from newsletter.subscribers import event_records
from newsletter.subscribers import models as subscribers
from newsletter.subscribers.leaving import consent_records
from newsletter.workflow import suggestions
from newsletter.workflow.contributing import models as contributing
from newsletter.workflow.penalties import models as penalties
from newsletter.workflow.points import models as points

#: Modules that define tables.
TABLE_MODULES = (
    articles,
    columns,
    consent_records,
    contributing,
    contributors,
    delivery,
    editions,
    event_records,
    papers,
    penalties,
    points,
    rule_books,
    sharing,
    staff,
    statements,
    subscribers,
    suggestions,
    units,
)

metadata = SQLModel.metadata
