"""Owns prose: markdown with formulas in dollars, made into HTML that is safe whoever wrote it.

Raw HTML is shown as text. Links lead to http, https, mailto or places of this site; pictures come
from this site or stand in the text itself, others become links.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from app.rendering.mathml import mathml

_SCHEMES = ("", "http", "https", "mailto")
_PICTURES = ("data:image/png;", "data:image/gif;", "data:image/jpeg;")


@lru_cache(maxsize=512)
def html(text: str, top: int = 2) -> Markup:
    """Markdown as HTML. Its highest heading, `#`, becomes `<h{top}>`."""
    return Markup(_markdown().render(text, {"top": top}))  # noqa: S704 (raw HTML is off)


@lru_cache
def _markdown() -> MarkdownIt:
    made = _Markdown("commonmark", {"html": False, "highlight": _coloured})
    made.enable(["table", "strikethrough"])
    made.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    for name, rule in _rules().items():
        made.add_render_rule(name, rule)
    return made


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Whether a link or picture may have this address; text stays text where not."""
        return _is_allowed(url)


def _rules() -> dict[str, Callable[..., str]]:
    return {
        "math_inline": _inline_formula,
        "math_inline_double": _block_formula,
        "math_block": _block_formula,
        "heading_open": _heading,
        "heading_close": _heading,
        "link_open": _link,
        "image": _picture,
        "table_open": _table_opens,
        "th_open": _cell,
        "td_open": _cell,
        "table_close": _table_closes,
    }


def _is_allowed(address: str) -> bool:
    if _is_picture_data(address):
        return True
    try:
        return urlsplit(address.strip()).scheme.lower() in _SCHEMES and "\\" not in address
    except ValueError:
        return False


def _is_picture_data(address: str) -> bool:
    return address.lower().startswith(_PICTURES)


def _coloured(code: str, language: str, _attributes: str) -> str:
    if language not in ("python", "py"):
        return escapeHtml(code)
    return str(highlight(code, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))


def _inline_formula(_: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
    return str(mathml(tokens[at].content))


def _block_formula(_: RendererHTML, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
    # A <span>, since it may stand inside of a paragraph, where a <div> cannot.
    # What is wider than a phone scrolls, and is to be reached by keyboard, too.
    reached = 'tabindex="0" role="group" aria-label="Formula"'
    return f'<span class="formula" {reached}>{mathml(tokens[at].content, block=True)}</span>'


def _heading(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: dict[str, Any],
) -> str:
    token = tokens[at]
    token.tag = f"h{min(6, int(token.tag[1]) + env['top'] - 1)}"
    return renderer.renderToken(tokens, at, options, env)


def _link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: dict[str, Any],
) -> str:
    if urlsplit(str(tokens[at].attrs.get("href", ""))).netloc:
        tokens[at].attrSet("rel", "noopener noreferrer")
    return renderer.renderToken(tokens, at, options, env)


def _picture(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: dict[str, Any],
) -> str:
    address = str(tokens[at].attrs.get("src", ""))
    if _is_picture_data(address) or not (urlsplit(address).scheme or urlsplit(address).netloc):
        return renderer.image(tokens, at, options, env)
    words = renderer.renderInlineAsText(tokens[at].children, options, env) or address
    return f'<a href="{escapeHtml(address)}" rel="noopener noreferrer">{escapeHtml(words)}</a>'


def _table_opens(*_: Any) -> str:
    return '<div class="frame" tabindex="0" role="group" aria-label="Table"><table>\n'


def _cell(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    at: int,
    options: OptionsDict,
    env: dict[str, Any],
) -> str:
    # The page's policy runs no style attributes.
    if style := tokens[at].attrs.pop("style", None):
        tokens[at].attrSet("class", str(style).replace("text-align:", "to-"))
    return renderer.renderToken(tokens, at, options, env)


def _table_closes(*_: Any) -> str:
    return "</table></div>\n"
