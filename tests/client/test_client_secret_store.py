"""The keyring: from the allow-list only, within its time, and for real against gnome-keyring."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from console.client.secret_store import KeyringStore, SecretStoreFailed, find_secret_store, within


def test_a_keyring_that_never_answers_is_given_up() -> None:
    never = threading.Event()
    with pytest.raises(SecretStoreFailed):
        within(0.01, never.wait)
    never.set()


def test_a_keyring_that_fails_says_nothing_of_the_secret() -> None:
    class Broken:
        def set_password(self, *_args: str) -> None:
            raise OSError("no bus")

    store = KeyringStore(Broken(), "porchlight-test")  # type: ignore[arg-type]
    with pytest.raises(SecretStoreFailed) as raised:
        store.keep("name", "s3cr3t")
    assert "s3cr3t" not in f"{raised.value!r}{store!r}"


@pytest.mark.skipif(sys.platform != "linux", reason="the session bus is Linux's")
def test_the_environment_chooses_no_backend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "evil.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Evil(KeyringBackend):\n    priority = 99\n    def get_password(self, s, u): return 'evil'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "evil.Evil")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert find_secret_store("porchlight-test") is None
    assert "evil" not in sys.modules


_REAL = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.client.client_fakes import NOW, make_draft
from console.client.vault import find_secret_store, open_vault
for count in (0, 1):
    store = find_secret_store("porchlight-test")
    assert store is not None, "no keyring"
    vault = open_vault(Path(sys.argv[1]), "IL0000000 m-1", store)
    assert vault.durable
    assert len(vault.drafts()) == count
    vault.save_draft(make_draft(), NOW)
    vault.close()
print("kept")
"""


@pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="dbus-run-session or gnome-keyring-daemon is not installed",
)
def test_the_real_secret_service_keeps_the_key(tmp_path: Path) -> None:
    script = tmp_path / "real.py"
    script.write_text(_REAL)
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "run").mkdir(mode=0o700)
    start = 'printf "pw" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'
    here = str(Path(__file__).parents[2])
    script_call = [sys.executable, str(script), str(tmp_path / "vaults"), here]
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", start, "sh", *script_call],
        env={
            **os.environ,
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "share"),
            "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip().endswith("kept"), done.stderr[-2000:]
