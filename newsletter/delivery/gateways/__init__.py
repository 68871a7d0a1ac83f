"""Gateways: who carries messages."""
