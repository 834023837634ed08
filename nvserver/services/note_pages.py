"""Notes as pages of their own. Nothing that a note says can become a script: HTML in it is shown, not obeyed, and links
lead to no `javascript:`."""

from html import escape
from typing import Final

from markdown_it import MarkdownIt

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
_STYLE: Final = (
    "body{max-width:48rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif}"
    "img{max-width:100%}pre{overflow:auto}table{border-collapse:collapse}td,th{border:1px solid;padding:.25rem .5rem}"
)


def html_page(title: str, text: str) -> str:
    """A whole HTML document. Call it in a thread: it takes a moment for a long note."""
    shown = escape(title)
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{shown}</title>'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; img-src * data:; style-src 'unsafe-inline'\">"
        f"<style>{_STYLE}</style></head>\n<body><h1>{shown}</h1>\n{_MARKDOWN.render(text)}</body></html>\n"
    )
