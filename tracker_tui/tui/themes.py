"""Our themes: dark, light, high contrast, and two that use the terminal's own sixteen colours."""

from collections.abc import Mapping

from textual.theme import Theme

DEFAULT = "ansi-dark"
"""Sixteen colours of the user's own terminal: right on every background, fewest bytes."""

TONES = (
    "ready",
    "downloading",
    "processing",
    "grabbed",
    "waiting",
    "hand",
    "failed",
    "muted",
    "strong",
    "heading",
)
"""Names that `present` uses; each has a theme variable `tone-<name>`."""

BOLD = frozenset({"strong", "heading"})


def _theme(name: str, tones: Mapping[str, str], *, dark: bool, background: str, foreground: str, ansi: bool) -> Theme:
    variables = {f"tone-{tone}": colour for tone, colour in tones.items()}
    if ansi:
        variables |= {
            "ansi-background": "ansi_black" if dark else "ansi_white",
            "ansi-foreground": "ansi_white" if dark else "ansi_black",
            "block-cursor-foreground": "ansi_default",
            "block-cursor-background": "ansi_default",
            "input-cursor-background": "ansi_default",
            "input-cursor-foreground": "ansi_default",
        }
    return Theme(
        name=name,
        primary=tones["strong"],
        secondary=tones["downloading"],
        warning=tones["hand"],
        error=tones["failed"],
        success=tones["ready"],
        accent=tones["heading"],
        foreground=foreground,
        background=background,
        surface=background,
        panel=background,
        boost=background,
        dark=dark,
        ansi=ansi,
        variables=variables,
    )


THEMES = (
    _theme(
        "ansi-dark",
        {
            "ready": "ansi_green",
            "downloading": "ansi_cyan",
            "processing": "ansi_yellow",
            "grabbed": "ansi_magenta",
            "waiting": "ansi_default",
            "hand": "ansi_bright_yellow",
            "failed": "ansi_bright_red",
            "muted": "ansi_bright_black",
            "strong": "ansi_default",
            "heading": "ansi_bright_blue",
        },
        dark=True,
        background="ansi_default",
        foreground="ansi_default",
        ansi=True,
    ),
    _theme(
        "ansi-light",
        {
            "ready": "ansi_green",
            "downloading": "ansi_blue",
            "processing": "ansi_magenta",
            "grabbed": "ansi_magenta",
            "waiting": "ansi_default",
            "hand": "ansi_red",
            "failed": "ansi_red",
            "muted": "ansi_bright_black",
            "strong": "ansi_default",
            "heading": "ansi_blue",
        },
        dark=False,
        background="ansi_default",
        foreground="ansi_default",
        ansi=True,
    ),
    _theme(
        "dark",
        {
            "ready": "#6fcf7f",
            "downloading": "#56c8d8",
            "processing": "#f0a35e",
            "grabbed": "#c388fa",
            "waiting": "#c0c4cc",
            "hand": "#ffc857",
            "failed": "#ff6b6b",
            "muted": "#8a919e",
            "strong": "#f2f4f8",
            "heading": "#749cf7",
        },
        dark=True,
        background="#14171c",
        foreground="#d7dae0",
        ansi=False,
    ),
    _theme(
        "light",
        {
            "ready": "#1b7a2e",
            "downloading": "#00707f",
            "processing": "#a34f00",
            "grabbed": "#7333ba",
            "waiting": "#4a4f58",
            "hand": "#8a5a00",
            "failed": "#b3261e",
            "muted": "#666c76",
            "strong": "#101215",
            "heading": "#1f4fb5",
        },
        dark=False,
        background="#fbfbf8",
        foreground="#24272c",
        ansi=False,
    ),
    _theme(
        "high-contrast",
        {
            "ready": "#00ff5f",
            "downloading": "#00ffff",
            "processing": "#ffaf5f",
            "grabbed": "#ff87ff",
            "waiting": "#ffffff",
            "hand": "#ffff00",
            "failed": "#ff8787",
            "muted": "#d0d0d0",
            "strong": "#ffffff",
            "heading": "#87d7ff",
        },
        dark=True,
        background="#000000",
        foreground="#ffffff",
        ansi=False,
    ),
)

NAMES = tuple(theme.name for theme in THEMES)


def tones_for(theme: Theme) -> dict[str, str]:
    """Return the variables of our tones for a theme of somebody else, by its background."""
    usual = ("ansi-dark" if theme.dark else "ansi-light") if theme.ansi else "dark" if theme.dark else "light"
    ours = next(one for one in THEMES if one.name == usual)
    return {name: colour for name, colour in ours.variables.items() if name.startswith("tone-")}
