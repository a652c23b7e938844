"""A shipped console does not start with its web engine opened up."""

from __future__ import annotations

import pytest

from console import cli


@pytest.mark.parametrize(
    "name", ["QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_REMOTE_DEBUGGING", "QTWEBENGINE_CHROMIUM_FLAGS"]
)
def test_a_shipped_console_refuses_an_opened_engine(monkeypatch, capsys, tmp_path, name):
    for other in ("QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_REMOTE_DEBUGGING", "QTWEBENGINE_CHROMIUM_FLAGS"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "1")
    monkeypatch.setattr(cli.sys, "frozen", True, raising=False)
    assert cli.main(["--folder", str(tmp_path / "home")]) == 2
    assert name in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_an_ordinary_environment_is_no_obstacle():
    assert cli.unsafe_engine_settings({"HOME": "/home/one", "QTWEBENGINE_DISABLE_SANDBOX": ""}) == ()
