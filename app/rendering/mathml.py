"""Owns formulas: LaTeX in, MathML out that is safe in any page, whoever wrote the LaTeX."""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter
from markupsafe import Markup

LONGEST = 2_000
_ELEMENTS = re.compile(
    "math|maction|menclose|mfrac|mi|mmultiscripts|mn|mo|mover|mpadded|mphantom|mprescripts|mroot|"
    "mrow|ms|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|munderover"
)
_ATTRIBUTES = re.compile(
    "accent|accentunder|columnalign|columnlines|columnspacing|columnspan|depth|displaystyle|fence|"
    "form|height|largeop|linebreak|linethickness|lspace|mathbackground|mathcolor|mathsize|"
    "mathvariant|maxsize|minsize|movablelimits|notation|rowlines|rowspacing|rowspan|rspace|"
    "scriptlevel|separator|stretchy|symmetric|voffset|width"
)
_VALUE = re.compile(r"[\w#%. +-]*", re.ASCII)
_DEFINITION = re.compile(r"\\(new|renew|provide)command|\\def\b|\\DeclareMathOperator")
_ALIGNED = re.compile(r"\\(begin|end)\{aligned\}")


def mathml(latex: str, *, block: bool = False) -> Markup:
    """The formula as a `<math>` element; what cannot be read as LaTeX is shown as it was written.

    The converter lets attributes and entities of its input through, so its tree is written out
    here: known elements with known attributes, and all text escaped.
    """
    source = escape(latex.strip())
    inner = None if len(latex) > LONGEST or _DEFINITION.search(latex) else _inner(latex, block)
    if inner is None:
        return Markup(f'<code class="formula-source">{source}</code>')  # noqa: S704 (escaped)
    display = "block" if block else "inline"
    return Markup(f'<math display="{display}" alttext="{source}">{inner}</math>')  # noqa: S704


def _inner(latex: str, block: bool) -> str | None:
    try:
        tree = Converter(display="block" if block else "inline").convert_to_element(
            _ALIGNED.sub(r"\\\1{align*}", latex)
        )
        return "".join(_written(child) for child in tree)
    except Exception:  # each of its mistakes has a type of its own, some are RecursionError
        return None


def _written(element: Element) -> str:
    inner = escape(unescape(element.text or ""), quote=False)
    inner += "".join(
        _written(child) + escape(unescape(child.tail or ""), quote=False) for child in element
    )
    if not _ELEMENTS.fullmatch(element.tag):
        return inner
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if _ATTRIBUTES.fullmatch(name) and _VALUE.fullmatch(value)
    )
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>"
