"""Every table of the newsroom's database, imported so that the metadata is whole: for migrations and for tests."""

from sqlmodel import SQLModel

from newsletter.articles import models as articles
from newsletter.delivery import models as delivery
from newsletter.editions import models as editions
from newsletter.journal import statements
from newsletter.organisation import columns, contributors, papers, staff, units
from newsletter.subscribers import models as subscribers

#: Modules that define tables.
TABLE_MODULES = (articles, columns, contributors, delivery, editions, papers, staff, statements, subscribers, units)

metadata = SQLModel.metadata
