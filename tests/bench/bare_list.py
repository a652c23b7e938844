"""S1's limit: a bare PySide6 window with a list."""

import sys

from PySide6.QtCore import QStringListModel, QTimer
from PySide6.QtWidgets import QApplication, QListView, QMainWindow

app = QApplication(sys.argv)
window = QMainWindow()
view = QListView()
model = QStringListModel([f"Row {n}" for n in range(200)])
view.setModel(model)
window.setCentralWidget(view)
window.resize(1366, 768)
window.show()
QTimer.singleShot(0, lambda: print("USABLE", flush=True))
sys.exit(app.exec())
