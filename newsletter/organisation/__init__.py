"""The organisation: units, regions, papers, columns, contributors, staff."""
