"""How much of something is done: 0..1, its four decimals, its text; nothing unfinished ever reads 1 or "100 %"."""

_BELOW_ONE = 0.9999


def four_decimals(fraction: float) -> float:
    """Return 0..1 with four decimals (SPEC 2.1.7); 1.0 only where nothing is left."""
    return min(round(fraction, 4), _BELOW_ONE) if fraction < 1 else 1.0


def percent(fraction: float) -> str:
    """Return 0..1 with one decimal without ".0", half up: "42 %", "16.7 %"."""
    tenths = _steps(fraction, 1000)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


def whole_percent(fraction: float) -> str:
    """Return 0..1 in whole percent, half up: scan progress."""
    return f"{_steps(fraction, 100)} %"


def _steps(fraction: float, whole: int) -> int:
    """Return how many of `whole` steps are done, half up; a float's error below 1e-9 makes no half less than one."""
    steps = int(fraction * whole + 0.5 + 1e-9)
    return min(steps, whole - 1) if fraction < 1 else whole
