"""The screen: PySide6 widgets that get values and emit intents."""
