"""A web profile that keeps nothing and can reach nothing: our own scheme, and pictures written into the page.

Promises: no network, no file, no download, no permission, no new window, no way off the map page.
Source: qutebrowser (one interceptor for all requests); the web engine's security notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from console.desktop.map.scheme import HOST, SCHEME, MapSchemeHandler

if TYPE_CHECKING:
    from pathlib import Path

# LocalContentCanAccessFileUrls stays on: our scheme is a local one, and without it the page may not load its own
# scripts. Files are refused by the gate and by the page's policy.
_OFF: Final = (
    QWebEngineSettings.WebAttribute.AutoLoadIconsForPage,
    QWebEngineSettings.WebAttribute.DnsPrefetchEnabled,
    QWebEngineSettings.WebAttribute.ErrorPageEnabled,
    QWebEngineSettings.WebAttribute.FullScreenSupportEnabled,
    QWebEngineSettings.WebAttribute.HyperlinkAuditingEnabled,
    QWebEngineSettings.WebAttribute.JavascriptCanAccessClipboard,
    QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows,
    QWebEngineSettings.WebAttribute.JavascriptCanPaste,
    QWebEngineSettings.WebAttribute.LocalContentCanAccessRemoteUrls,
    QWebEngineSettings.WebAttribute.LocalStorageEnabled,
    QWebEngineSettings.WebAttribute.NavigateOnDropEnabled,
    QWebEngineSettings.WebAttribute.PdfViewerEnabled,
    QWebEngineSettings.WebAttribute.PluginsEnabled,
    QWebEngineSettings.WebAttribute.ScreenCaptureEnabled,
    QWebEngineSettings.WebAttribute.WebGLEnabled,
)


class OwnSchemeOnly(QWebEngineUrlRequestInterceptor):
    """Refuses every request that is not ours."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.refused = 0

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Block, or let through."""
        url = info.requestUrl()
        is_picture = info.resourceType() == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeImage
        if is_own(url) or (url.scheme() == "data" and is_picture):
            return
        self.refused += 1
        info.block(True)


def is_own(url: QUrl) -> bool:
    """Whether an address is one of ours."""
    return url.scheme().encode() == SCHEME and url.host() == HOST


class MapProfile(QWebEngineProfile):
    """The off-the-record profile that all map panes share."""

    def __init__(self, assets: Path) -> None:
        # No storage name: nothing is written to disk. No parent: MapEngine deletes it after the pages.
        super().__init__()
        self.parts = MapSchemeHandler(assets, self)
        self.gate = OwnSchemeOnly(self)
        self.installUrlSchemeHandler(SCHEME, self.parts)
        self.setUrlRequestInterceptor(self.gate)
        self.setHttpCacheType(QWebEngineProfile.HttpCacheType.NoCache)
        self.setPersistentCookiesPolicy(QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies)
        self.setPersistentPermissionsPolicy(QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime)
        self.setSpellCheckEnabled(False)
        self.setPushServiceEnabled(False)
        self.downloadRequested.connect(_refuse_download)
        settings = self.settings()
        for attribute in _OFF:
            settings.setAttribute(attribute, False)


def _refuse_download(download: QWebEngineDownloadRequest) -> None:
    download.cancel()


class MapWebPage(QWebEnginePage):
    """A page that stays where the pane put it."""

    said = Signal(str)
    """What the page's script wrote to its console; untrusted, for tests, never logged."""

    def __init__(self, profile: MapProfile, home: QUrl, parent: QObject) -> None:
        super().__init__(profile, parent)
        self._home = home
        self.permissionRequested.connect(_refuse_permission)

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,  # noqa: A002 - Qt's name
        isMainFrame: bool,  # noqa: N803, FBT001 - Qt's name
    ) -> bool:
        """Only the pane's own document, only in the main frame, never by a link."""
        return (
            isMainFrame and QUrl(url) == self._home and type != QWebEnginePage.NavigationType.NavigationTypeLinkClicked
        )

    def createWindow(self, type: QWebEnginePage.WebWindowType) -> QWebEnginePage | None:  # type: ignore[override]  # noqa: A002, ARG002
        """There is no second window."""
        return None

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        lineNumber: int,  # noqa: N803, ARG002
        sourceID: str,  # noqa: N803, ARG002
    ) -> None:
        """Keep the page's words out of the log: they may quote a neighbour."""
        if level != QWebEnginePage.JavaScriptConsoleMessageLevel.InfoMessageLevel:
            self.said.emit(message)


def _refuse_permission(permission: QWebEnginePermission) -> None:
    permission.deny()
