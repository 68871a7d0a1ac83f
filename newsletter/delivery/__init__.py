"""Delivery: plan, ledger, sending, receipts, replies, gateways."""
