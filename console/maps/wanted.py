"""What the console wants of a map, so that a page that is made anew can be brought to where it was.

Promises: after `remember` of any messages, `replay` tells the fewest that lead to the same map, in an order that works.
Pure: it sends nothing.
"""

from __future__ import annotations

import msgspec

from console.maps.messages import (
    ClearDrawing,
    ClearLayer,
    ConsoleMessage,
    Fit,
    FlyTo,
    Highlight,
    Light,
    SelectPoints,
    SetDrawing,
    SetLayer,
    SetOutlines,
    SetPoints,
    SetPrinting,
    SetReadout,
    SetTheme,
    SetTool,
    ShowLayer,
)

_Key = tuple[int, str]
# The number is the order of the replay: the place before what is drawn there, the shape after the tool.
_THEME, _PLACE, _SHOWN, _OUTLINES, _LAYER, _POINTS, _HIGHLIGHT, _READOUT, _TOOL, _SHAPE, _LIGHT = range(11)


class Wanted:
    """The last message of each kind that still matters."""

    def __init__(self) -> None:
        self._kept: dict[_Key, ConsoleMessage] = {}

    def remember(self, message: ConsoleMessage) -> None:  # noqa: C901, PLR0912 - one line a message
        """Keep what a message asks for, in place of what it replaces."""
        match message:
            case SetTheme():
                self._kept[_THEME, ""] = message
            case FlyTo() | Fit():
                self._kept[_PLACE, ""] = message
            case ShowLayer(name=name):
                self._kept[_SHOWN, name] = message
            case SetOutlines(name=outlines):
                self._kept[_OUTLINES, outlines] = message
                self._kept.pop((_LAYER, outlines), None)
            case SetLayer(name=layer):
                self._kept[_LAYER, layer] = message
                self._kept.pop((_OUTLINES, layer), None)
            case SetPoints(name=points):
                self._kept[_POINTS, points] = message
            case SelectPoints(name=points, version=version, rows=rows):
                before = self._kept.get((_POINTS, points))
                if isinstance(before, SetPoints) and before.version == version:
                    self._kept[_POINTS, points] = msgspec.structs.replace(before, rows=rows)
            case ClearLayer(name=cleared):
                for kind in (_LAYER, _OUTLINES, _POINTS):
                    self._kept.pop((kind, cleared), None)
            case Highlight():
                self._kept[_HIGHLIGHT, message.layer] = message
            case SetReadout():
                self._kept[_READOUT, ""] = message
            case SetTool():
                self._kept[_TOOL, ""] = message
            case SetDrawing():
                self._kept[_SHAPE, ""] = message
            case ClearDrawing():
                self._kept.pop((_SHAPE, ""), None)
            case Light():
                self._kept[_LIGHT, ""] = message
            case SetPrinting():
                pass  # a picture that was not taken is taken again by whoever wants it

    def forget_place(self) -> None:
        """Start at the page's own box again."""
        self._kept.pop((_PLACE, ""), None)

    def shows(self, name: str, *, unasked: bool) -> bool:
        """Whether a layer is shown; `unasked` where nobody has said."""
        message = self._kept.get((_SHOWN, name))
        return message.visible if isinstance(message, ShowLayer) else unasked

    def replay(self) -> tuple[ConsoleMessage, ...]:
        """What a fresh page has to be told."""
        return tuple(message for _, message in sorted(self._kept.items(), key=lambda kept: kept[0]))
