"""Plays one recording inside the console. Qt's multimedia starts at the first play, never before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.desktop.widgets import button, row, text_label

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer

_HEIGHT = 300


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(max(0, milliseconds) // 1000, 60)
    return f"{minutes}:{seconds:02d}"


class ClipPlayer(QWidget):
    """A picture, pause and mute. Sound is off until asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._player: QMediaPlayer | None = None
        self._sound: QAudioOutput | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._pause = button("Pause", "evidence.pause", self._toggle)
        self._mute = button("Sound on", "evidence.mute", self._toggle_sound)
        self._time: QLabel = text_label("", "small", name="evidence.time", wrap=False)
        self._error = text_label("", "error", name="evidence.play_error")
        self._error.hide()
        self._layout.addLayout(row(self._pause, self._mute, self._time, None))
        self._layout.addWidget(self._error)
        self.hide()

    def play(self, file: Path) -> None:
        """Play a file from its beginning."""
        player = self._started()
        self._say("")
        self.show()
        player.setSource(QUrl.fromLocalFile(str(file)))
        player.play()

    def stop(self) -> None:
        """Stop and let go of the file."""
        if self._player is not None:
            self._player.stop()
            self._player.setSource(QUrl())
        self.hide()

    def _started(self) -> QMediaPlayer:
        if self._player is not None:
            return self._player
        from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer  # noqa: PLC0415 - at the first play
        from PySide6.QtMultimediaWidgets import QVideoWidget  # noqa: PLC0415

        self._player = player = QMediaPlayer(self)
        picture = QVideoWidget()
        picture.setMinimumHeight(_HEIGHT)
        picture.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        picture.setAccessibleName("The recording")
        picture.setProperty("testName", "evidence.picture")
        self._layout.insertWidget(0, picture, 1)
        player.setVideoOutput(picture)
        if QMediaDevices.defaultAudioOutput().isNull():
            self._mute.setText("No sound on this workstation")
            self._mute.setEnabled(False)
        else:
            self._sound = QAudioOutput(self)
            self._sound.setMuted(True)
            player.setAudioOutput(self._sound)
        player.playbackStateChanged.connect(self._state_changed)
        player.positionChanged.connect(self._moved)
        player.durationChanged.connect(self._moved)
        player.errorOccurred.connect(self._failed)
        return player

    def _toggle(self) -> None:
        player = self._player
        if player is not None and player.isPlaying():
            player.pause()
        elif player is not None:
            player.play()

    def _toggle_sound(self) -> None:
        if self._sound is not None:
            self._sound.setMuted(not self._sound.isMuted())
            self._mute.setText("Sound on" if self._sound.isMuted() else "Sound off")

    def _state_changed(self) -> None:
        is_playing = self._player is not None and self._player.isPlaying()
        self._pause.setText("Pause" if is_playing else "Play")
        self._pause.setAccessibleName(self._pause.text())

    def _moved(self) -> None:
        if self._player is not None:
            self._time.setText(f"{_clock(self._player.position())} of {_clock(self._player.duration())}")

    def _failed(self) -> None:
        detail = "" if self._player is None else self._player.errorString()
        self._say(f"This recording cannot be played here. Export it and open it in another program. {detail}".strip())

    def _say(self, words: str) -> None:
        self._error.setText(words)
        self._error.setVisible(bool(words))
