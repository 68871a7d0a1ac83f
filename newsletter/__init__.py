"""Publish an organisation's mobile newspaper by SMS and MMS."""
