# ruff: noqa: E501 - a style sheet is read by lines
"""How the console looks: one style sheet and palette from the tokens that maps and pages share, day and night."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette

from console.maps.style import TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QApplication

Theme = Literal["day", "night"]
# Beside the package, in the source tree as in a bundle.
ICONS = Path(__file__).parents[2] / "resources" / "icons"
FAMILIES = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")


def resolve(wanted: str) -> Theme:
    """Day or night; "system" asks the desktop."""
    if wanted in {"day", "night"}:
        return "night" if wanted == "night" else "day"
    hints = QGuiApplication.styleHints()
    return "night" if hints.colorScheme().name == "Dark" else "day"


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole application its font, palette and style sheet."""
    app.setStyle("Fusion")
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(13)
    app.setFont(font)
    app.setPalette(_palette(TOKENS[theme]))
    app.setStyleSheet(style_sheet(theme))


def _palette(tokens: Mapping[str, str]) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: "background",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "raised",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.Link: "accent",
    }
    for role, token in roles.items():
        palette.setColor(role, QColor(tokens[token]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens["muted"]))
    return palette


def colour(theme: Theme, token: str) -> QColor:
    """A token's colour."""
    return QColor(TOKENS[theme][token])


def control_line(theme: Theme) -> str:
    """The edge of an entry: a hairline would not be seen by everybody (WCAG 2.2, 1.4.11: 3:1)."""
    return _mixed(TOKENS[theme]["line"], TOKENS[theme]["muted"], 0.7)


def chosen_ground(theme: Theme) -> str:
    """The ground of what is chosen, under ordinary text."""
    return _mixed(TOKENS[theme]["surface"], TOKENS[theme]["accent"], 0.12)


def _mixed(one: str, other: str, share: float) -> str:
    parts = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02X}" for a, b in parts)


def style_sheet(theme: Theme) -> str:
    """The style sheet of a theme."""
    t = TOKENS[theme]
    control, chosen = control_line(theme), chosen_ground(theme)
    down, up, check, dot = (
        (ICONS / f"{name}-{theme}.svg").as_posix() for name in ("chevron-down", "chevron-up", "check", "dot")
    )
    return f"""
* {{ font-size: 13px; }}
QWidget {{ color: {t["text"]}; }}
QMainWindow, QStackedWidget, QWidget#page {{ background: {t["surface"]}; }}
QWidget#welcome {{ background: {t["background"]}; }}
QWidget#surface, QFrame#surface {{ background: {t["surface"]}; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}
QLabel#title {{ font-size: 20px; font-weight: 600; }}
QLabel#section {{ font-size: 15px; font-weight: 600; }}
QLabel#strong {{ font-weight: 600; }}
QLabel#small, QLabel#muted {{ font-size: 11px; color: {t["muted"]}; }}
QLabel#help {{ font-size: 12px; color: {t["muted"]}; }}
QLabel#error {{ font-size: 12px; color: {t["stop"]}; }}
QLabel#good {{ color: {t["good"]}; }}
QLabel#mono {{ font-family: "DejaVu Sans Mono", "Consolas", "Menlo", monospace; font-size: 12px; }}
QLabel#chip {{ font-size: 11px; padding: 2px 8px; border-radius: 9px; background: {t["background"]}; color: {t["muted"]}; }}
QLabel#chip[tone="good"] {{ background: {t["good_ground"]}; color: {t["good"]}; }}
QLabel#chip[tone="waiting"] {{ background: {t["waiting_ground"]}; color: {t["waiting"]}; }}
QLabel#chip[tone="stop"] {{ background: {t["stop_ground"]}; color: {t["stop"]}; }}
QFrame#line {{ background: {t["line"]}; border: none; }}
QFrame#card {{ background: {t["surface"]}; border: 1px solid {t["line"]}; border-radius: 7px; }}
QFrame#notice {{ background: {t["waiting_ground"]}; border: 1px solid {t["waiting"]}; border-radius: 7px; }}
QFrame#stop {{ background: {t["stop_ground"]}; border: 1px solid {t["stop"]}; border-radius: 7px; }}
QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QDateTimeEdit, QSpinBox {{
  background: {t["surface"]}; color: {t["text"]}; border: 1px solid {control}; border-radius: 7px;
  padding: 6px 8px; selection-background-color: {t["accent"]}; selection-color: {t["on_accent"]};
}}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QDateTimeEdit:focus, QSpinBox:focus {{
  border: 2px solid {t["accent"]}; padding: 5px 7px;
}}
QComboBox, QDateTimeEdit, QSpinBox {{ padding-right: 24px; min-height: 18px; }}
QComboBox::drop-down, QDateTimeEdit::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow, QDateTimeEdit::down-arrow {{ image: url("{down}"); width: 12px; height: 12px; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: none; background: transparent; width: 22px; }}
QSpinBox::up-arrow {{ image: url("{up}"); width: 12px; height: 12px; }}
QSpinBox::down-arrow {{ image: url("{down}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {t["surface"]}; border: 1px solid {t["line"]}; }}
QPushButton {{
  background: {t["surface"]}; border: 1px solid {t["line"]}; border-radius: 7px; padding: 6px 14px; min-height: 18px;
}}
QPushButton:hover {{ background: {t["background"]}; }}
QPushButton:focus {{ border: 2px solid {t["accent"]}; padding: 5px 13px; }}
QPushButton:disabled {{ color: {t["muted"]}; background: {t["background"]}; }}
QPushButton:checked {{ border-color: {t["accent"]}; color: {t["accent"]}; background: {chosen}; }}
QWidget#steps QPushButton {{ background: transparent; border: 2px solid transparent; padding: 7px 10px; text-align: left; }}
QWidget#steps QPushButton:hover {{ background: {t["background"]}; }}
QWidget#steps QPushButton:checked {{ background: {chosen}; color: {t["text"]}; font-weight: 600; }}
QWidget#steps QPushButton:focus {{ border-color: {t["accent"]}; }}
QPushButton#primary {{ background: {t["accent"]}; color: {t["on_accent"]}; border-color: {t["accent"]}; font-weight: 600; }}
QPushButton#primary:focus {{ border: 2px solid {t["text"]}; }}
QPushButton#primary:disabled {{ background: {t["line"]}; color: {t["muted"]}; border-color: {t["line"]}; }}
QPushButton#stop {{ color: {t["stop"]}; }}
QPushButton#plain {{ background: transparent; border: 1px solid transparent; color: {t["accent"]}; padding: 4px 6px; }}
QPushButton#view {{ background: transparent; border: 1px solid transparent; border-radius: 6px; text-align: left; }}
QPushButton#view:hover {{ background: {t["background"]}; }}
QPushButton#view:checked {{ background: {chosen}; }}
QPushButton#view:focus {{ border: 1px solid {t["accent"]}; }}
QPushButton#segment {{ background: transparent; border: 1px solid transparent; padding: 4px 9px; color: {t["muted"]}; }}
QPushButton#segment:hover {{ background: {t["background"]}; }}
QPushButton#segment:checked {{ background: {chosen}; color: {t["accent"]}; font-weight: 600; }}
QPushButton#segment:focus {{ border: 1px solid {t["accent"]}; }}
QPushButton#tool {{ padding: 4px 9px; font-size: 16px; min-width: 12px; }}
QPushButton#tool:focus {{ border: 2px solid {t["accent"]}; padding: 3px 8px; }}
QPushButton[active="true"] {{ border-color: {t["accent"]}; color: {t["accent"]}; background: {chosen}; }}
QWidget#toolbar {{ background: {t["surface"]}; border-bottom: 1px solid {t["line"]}; }}
QWidget#timebar {{ background: {t["surface"]}; border-top: 1px solid {t["line"]}; }}
QFrame#popup {{ background: {t["raised"]}; border: 1px solid {t["line"]}; border-radius: 7px; }}
QMenu {{ background: {t["raised"]}; border: 1px solid {t["line"]}; padding: 5px; }}
QMenu::item {{ padding: 6px 22px 6px 12px; border-radius: 5px; color: {t["text"]}; }}
QMenu::item:selected {{ background: {chosen}; }}
QMenu::separator {{ height: 1px; background: {t["line"]}; margin: 4px 8px; }}
QPushButton#plain:disabled {{ color: {t["muted"]}; background: transparent; }}
QListView, QListWidget {{ background: {t["surface"]}; border: none; outline: none; }}
QListView::item, QListWidget::item {{ padding: 8px 12px; border-bottom: 1px solid {t["line"]}; color: {t["text"]}; }}
QListView::item:selected, QListWidget::item:selected {{ background: {chosen}; color: {t["text"]};
  border-left: 3px solid {t["accent"]}; }}
QListView:focus, QListWidget:focus {{ border: 2px solid {t["accent"]}; }}
QProgressBar {{ background: {t["line"]}; border: none; border-radius: 4px; height: 8px; text-align: center; color: transparent; }}
QProgressBar::chunk {{ background: {t["accent"]}; border-radius: 4px; }}
QWidget#rail {{ background: {t["rail"]}; }}
QToolButton#rail {{ color: #C8D2E0; background: transparent; border: 2px solid transparent; border-radius: 7px;
  font-size: 11px; padding: 5px 0; }}
QToolButton#rail:checked {{ background: rgba(255,255,255,0.14); color: #FFFFFF; }}
QToolButton#rail:hover {{ background: rgba(255,255,255,0.08); }}
QToolButton#rail:focus {{ border-color: {t["lamp"]}; }}
QLabel#lamp {{ background: {t["lamp"]}; color: #14233B; border-radius: 7px; font-size: 18px; font-weight: 700; }}
QWidget#topbar {{ background: {t["surface"]}; border-bottom: 1px solid {t["line"]}; }}
QWidget#statusbar {{ background: {t["surface"]}; border-top: 1px solid {t["line"]}; }}
QWidget#sidepanel {{ background: {t["surface"]}; border-left: 1px solid {t["line"]}; }}
QWidget#steps, QWidget#side {{ background: {t["surface"]}; border-right: 1px solid {t["line"]}; }}
QSplitter::handle {{ background: {t["line"]}; }}
QToolTip {{ background: {t["raised"]}; color: {t["text"]}; border: 1px solid {t["line"]}; padding: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; }}
QScrollBar::handle:vertical {{ background: {t["line"]}; border-radius: 4px; min-height: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QCheckBox, QRadioButton {{ spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: 7px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {t["accent"]}; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {control};
  border-radius: 4px; background: {t["surface"]}; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:checked {{ background: {t["accent"]}; border-color: {t["accent"]}; image: url("{check}"); }}
QRadioButton::indicator:checked {{ background: {t["accent"]}; border-color: {t["accent"]}; image: url("{dot}"); }}
"""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours "#RRGGBB" (WCAG 2.2)."""

    def luminance(code: str) -> float:
        parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]  # noqa: PLR2004 - WCAG
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
