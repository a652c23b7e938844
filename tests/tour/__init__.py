"""The tour: the main job through the real processes, with real mouse and key events. Also run as a journey test."""
