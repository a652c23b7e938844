"""The service's log: named events with safe fields as JSON lines on standard error. Free text never goes in."""

from __future__ import annotations

import sys

import structlog


def configure() -> None:
    """Send the log to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
