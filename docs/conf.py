"""How `make docs` makes a site of these pages (Sphinx, with Markdown through MyST)."""

project = "NoteVault"
author = "The NoteVault developers"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["linkify"]
myst_heading_anchors = 3
exclude_patterns = ["screenshots"]
html_theme = "furo"
html_title = "NoteVault"
