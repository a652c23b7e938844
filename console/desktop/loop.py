"""The one module that knows qasync: Qt's event loop as asyncio's, from the first window to a clean exit."""

from __future__ import annotations

import asyncio
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

WORKERS = 8


def run_app(main: Callable[[], Awaitable[int]], argv: list[str]) -> int:
    """Run the console's root coroutine on Qt's loop; its result is the exit status.

    The last window's closing does not end the loop: the root cleans up first and returns (FINDINGS).
    """
    from console.desktop.map.scheme import register_scheme  # noqa: PLC0415 - must come before the application

    logging.getLogger("qasync").setLevel(logging.ERROR)
    register_scheme()
    # The web engine's widgets are imported long after the application is made, and want its contexts shared.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication.instance() or QApplication(argv)
    assert isinstance(app, QApplication)  # noqa: S101 - nobody makes another kind
    app.setApplicationName("Porchlight")
    app.setOrganizationName("Porchlight")
    app.setQuitOnLastWindowClosed(False)

    def loop() -> asyncio.AbstractEventLoop:
        made = qasync.QEventLoop(app)
        made.set_default_executor(ThreadPoolExecutor(WORKERS))  # qasync's own is made of QThreads
        return made  # type: ignore[no-any-return]

    async def root() -> int:
        return await main()

    with asyncio.Runner(loop_factory=loop) as runner:
        try:
            return runner.run(root())
        except KeyboardInterrupt:
            return 130
        finally:
            sys.stdout.flush()
