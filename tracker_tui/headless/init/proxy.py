"""A login page in front of a service: what lets a program past it, asked for."""

import base64

from tracker_tui.config.instances import header_problem
from tracker_tui.config.settings import Secret
from tracker_tui.headless.init.terminal import Terminal

_BASIC = "Authorization"


def passes(terminal: Terminal) -> dict[str, Secret]:
    """Return the headers that a proxy in front wants, by name; {} if none was entered."""
    terminal.say(
        "  The proxy's service token, or its own user and password. An address behind it is better, if there is one."
    )
    headers: dict[str, Secret] = {}
    while True:
        again = "no more" if headers else "none"
        name = terminal.ask(f"  Header, such as CF-Access-Client-Id (Enter: {again}, u: user and password)?").rstrip(
            ":"
        )
        if not name:
            return headers
        if name.lower() == "u":
            name, value = _BASIC, _basic(terminal)
        else:
            value = terminal.secret(f"  Value of {name}, not shown:")
        wrong = header_problem(name, value)
        if wrong is None:
            headers = {one: text for one, text in headers.items() if one.lower() != name.lower()}
            headers[name] = Secret(value)
        else:
            terminal.say(f"  {name}: {wrong[0]}; {wrong[1]}.")


def _basic(terminal: Terminal) -> str:
    """Return the value of a header that logs in at the proxy, as RFC 7617 has it; "" without a user."""
    user = terminal.ask("  User at the proxy?")
    password = terminal.secret("  Password at the proxy, not shown:")
    if not user or ":" in user:
        return ""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
