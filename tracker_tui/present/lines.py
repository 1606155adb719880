"""Text with tones, before anybody knows how wide the screen is."""

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text; `tone` names a theme colour, "" is plain, "strong" and "muted" are weights."""

    text: str
    tone: str = ""


class Line(NamedTuple):
    """One paragraph: wrapped where it does not fit, its further lines indented by `indent` cells."""

    spans: tuple[Span, ...] = ()
    indent: int = 0

    @property
    def text(self) -> str:
        """Return the text without tones."""
        return "".join(span.text for span in self.spans)


EMPTY = Line()


def line(*spans: Span | str, indent: int = 0) -> Line:
    """Return a line of spans and plain texts."""
    return Line(tuple(Span(one) if isinstance(one, str) else one for one in spans), indent)


def heading(text: str) -> Line:
    """Return a section's heading."""
    return Line((Span(text, "heading"),))
