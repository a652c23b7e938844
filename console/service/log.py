"""The log of service and console: named events with safe fields, JSON lines on standard error, never free text."""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Send the log to standard error; an HTTP client's own lines name addresses and stay out."""
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
