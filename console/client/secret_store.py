"""Where the vault's key is kept: the keyring of the operating system, or nowhere.

Promises: only backends from the list below, made here and called directly, so that no environment variable and no
keyringrc.cfg chooses one; a keyring that does not answer in time is given up without holding the program's exit.
Never a plaintext fallback (FINDINGS, Keyring).
"""

from __future__ import annotations

import sys
import threading
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

LIMIT_S = 5.0

_T = TypeVar("_T")


class SecretStoreFailed(Exception):  # noqa: N818 - says what happened
    """The keyring of this computer did not answer. Drafts are kept in memory only until you sign out."""


class SecretStore(Protocol):
    """Keeps secrets by name. Both may raise SecretStoreFailed; None means surely not there."""

    def read(self, name: str) -> str | None:
        """The secret of that name."""

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret under that name, in place of an earlier one."""


class KeyringStore:
    """A keyring backend, each call within a time limit (seconds)."""

    def __init__(self, backend: KeyringBackend, app: str, limit_s: float = LIMIT_S) -> None:
        self._backend = backend
        self._app = app
        self._limit_s = limit_s

    def __repr__(self) -> str:
        return f"KeyringStore({type(self._backend).__module__})"

    def read(self, name: str) -> str | None:
        """The secret of that name; None where there is none."""
        return within(self._limit_s, partial(self._backend.get_password, self._app, name))

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret, in place of an earlier one."""
        within(self._limit_s, partial(self._backend.set_password, self._app, name, secret))


def find_secret_store(app: str) -> SecretStore | None:
    """The operating system's keyring, or None where there is none that answers."""
    try:
        backend = within(LIMIT_S, _backend)
    except SecretStoreFailed:
        return None
    return None if backend is None else KeyringStore(backend, app)


def within(limit_s: float, act: Callable[[], _T]) -> _T:
    """Do something that may never return; SecretStoreFailed when it fails or takes longer than `limit_s` seconds."""
    answer: Future[_T] = Future()

    def run() -> None:
        try:
            answer.set_result(act())
        except BaseException as fault:  # noqa: BLE001 - handed to the caller
            answer.set_exception(fault)

    # A daemon thread, since a timed-out pool thread would hold the exit of the program.
    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        return answer.result(limit_s)
    except Exception as fault:
        raise SecretStoreFailed from fault


def _backend() -> KeyringBackend | None:
    backend: KeyringBackend
    if sys.platform == "linux":
        from keyring.backends import SecretService  # noqa: PLC0415 - exists only there

        backend = SecretService.Keyring()  # type: ignore[no-untyped-call]
    elif sys.platform == "darwin":
        from keyring.backends import macOS  # noqa: PLC0415 - exists only there

        backend = macOS.Keyring()
    elif sys.platform == "win32":
        from keyring.backends import Windows  # noqa: PLC0415 - exists only there

        backend = Windows.WinVaultKeyring()
    else:
        return None
    vars(backend).clear()  # what KEYRING_PROPERTY_* put on it
    if sys.platform == "win32":
        backend.persist = "local machine"  # the default roams to other computers
    return backend if type(backend).viable else None
