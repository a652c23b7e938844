"""Alerts: composing them."""
