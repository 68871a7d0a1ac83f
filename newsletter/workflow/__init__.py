"""Workflow: the stages of articles and editions, who may move them, and approvals."""
