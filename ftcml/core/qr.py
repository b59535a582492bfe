"""Draw an address as a QR code, for a terminal or a page."""

import io

import segno

# White on black whatever the terminal's own colors are, for in the light blocks lies what a camera looks for.
_COLORS, _AS_BEFORE = "\033[38;5;231;48;5;16m", "\033[0m"


def for_terminal(text: str) -> str:
    """Return lines of half blocks, in colors of their own."""
    lines = io.StringIO()
    _code(text).terminal(lines, compact=True)
    return "\n".join(f"{_COLORS}{line}{_AS_BEFORE}" for line in lines.getvalue().splitlines())


def for_page(text: str) -> str:
    """Return an SVG as a data: address, for an <img> of any size."""
    return _code(text).svg_data_uri(omitsize=True, light="#fff")


def _code(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
