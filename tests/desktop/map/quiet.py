"""What Qt says of a machine without a graphics card, off-screen; anything else fails the test."""

from __future__ import annotations

import pytest

NO_GRAPHICS_CARD = pytest.mark.qt_log_ignore(
    "does not support propagateSizeHints",
    "QRhiGles2: Failed to create (temporary )?context",
    "Failed to create RHI for backend",
    "does not support createPlatformVulkanInstance",
    "QVulkanInstance: Failed to initialize Vulkan",
    "Failed to create platform Vulkan instance",
    "Fallback to software rendering",
    "GPUInfo not initialized",
    extend=True,
)
