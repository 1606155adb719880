"""One service, asked for and tried at once: its address, its certificate, its key or login."""

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from tracker_tui.config.pasted import candidates
from tracker_tui.config.settings import Instance, Secret, Settings
from tracker_tui.config.urls import BadUrl
from tracker_tui.headless.check.findings import Finding, Level
from tracker_tui.headless.init.plan import Plan, Planned, values_of
from tracker_tui.headless.init.proxy import passes
from tracker_tui.headless.init.terminal import Terminal, yes
from tracker_tui.headless.init.trial import Prober
from tracker_tui.headless.init.words import BAN, KEY_PLACE, LOGIN_PLACE, UNVERIFIED
from tracker_tui.model.ids import Kind
from tracker_tui.services.errors import Banned, LoginRefused, ServiceError, Unauthorized, Untrusted, WrongService
from tracker_tui.services.recognise import Seen

NONE = "-"
_TOLD = {"version", "rights", "key", "login", "Shokofin", "SignalR", "mapping"}
"""What of a first look is worth a line even where all is well; the rest is the final check's."""
_LOGIN_TRIES = 3
"""Refused logins at one qBittorrent; the fifth would ban this address."""


class Interview:
    """Asks for one service after another; what was answered goes into the plan."""

    def __init__(self, terminal: Terminal, prober: Prober, plan: Plan) -> None:
        self.terminal = terminal
        self.prober = prober
        self.plan = plan
        self.say = terminal.say

    def add(self, instance: Instance, usual: str | None = None) -> Planned | None:
        """Ask for a service that is not there yet; None if there is none."""
        reached = self.address(instance, usual)
        if reached is None:
            return None
        found, lets_in, untried = reached
        return self.enter(found, lets_in=lets_in, untried=untried)

    def enter(self, instance: Instance, *, lets_in: bool = False, untried: bool = False) -> Planned | None:
        """Ask for the login of a service at a known address and take it into the plan."""
        known = self.login(instance, lets_in=lets_in, untried=untried)
        if known is None:
            return None
        planned = Planned(known[0], known=known[1], values=values_of(known[0]), about=known[2])
        self.plan.all.append(planned)
        return planned

    def change(self, planned: Planned) -> None:
        """Ask for address and login of a service anew; Enter keeps each."""
        before = planned.instance
        reached = self.address(before, before.url)
        if reached is None:
            return
        instance, lets_in, untried = reached
        has_login = before.api_key is not None or before.password is not None
        keep = has_login and yes(self.terminal, "  Keep its key or login?", usual=True)
        if keep and instance == before:
            self.say("  Nothing changes.")
            return
        if keep:
            planned.answer(instance, login=False, known=planned.known, about="" if untried else "answers")
            return
        bare = replace(instance, api_key=None, username=None, password=None)
        logged_in = self.login(bare, lets_in=lets_in, untried=untried)
        if logged_in is not None:
            planned.answer(logged_in[0], login=True, known=logged_in[1], about=logged_in[2])

    # ---- the address

    def address(self, instance: Instance, usual: str | None) -> tuple[Instance, bool, bool] | None:
        """Return the instance at an address that was tried, whether it asks for no login, whether it is untried.

        None: there is no such service.
        """
        title = instance.kind.title
        enter = f"Enter: {usual}, {NONE}: none" if usual else "Enter: none"
        while True:
            answer = self.terminal.ask(f"  Where is {title}? ({enter})") or usual or NONE
            if answer == NONE:
                return None
            try:
                urls = candidates(answer, instance.kind, hint="its key or login is asked for next")
            except BadUrl as bad:
                self.say(f"  {_sentence(bad.message)}; {bad.fix}.")
                continue
            reached = self._reach(instance, urls)
            if reached is not None:
                return reached

    def _reach(self, instance: Instance, urls: Sequence[str]) -> tuple[Instance, bool, bool] | None:
        try:
            seen = self.prober.who(instance, urls)
        except Untrusted as fault:
            self.say(f"  {_sentence(fault.message)}.")
            trusted = self._trust(instance)
            secure = [url for url in urls if url.startswith("https:")]
            return self._reach(trusted, secure) if trusted is not None else None
        except (WrongService, Unauthorized) as fault:
            self._tell(urls[0], fault)
            return self._behind_proxy(instance, urls)
        except ServiceError as fault:
            self._tell(urls[0], fault)
            if yes(self.terminal, "  Write it down untested?", usual=False):
                return replace(instance, url=urls[0]), False, True
            return None
        return self._taken(instance, urls, seen)

    def _tell(self, name: str, fault: ServiceError) -> None:
        self.say(f"  {name}: {fault.message}{f'; {fault.fix}' if fault.fix else ''}.")

    def _behind_proxy(self, instance: Instance, urls: Sequence[str]) -> tuple[Instance, bool, bool] | None:
        """Ask how to go on where somebody else answers; None: with another address."""
        self.say("    1  a login page is in front of it (Authelia, Authentik, Cloudflare Access): say what passes it")
        self.say("    2  write it down untested")
        self.say("    3  another address")
        answer = self.terminal.ask("  1, 2 or 3 (Enter: 3)?")
        if answer == "2":
            return replace(instance, url=urls[0]), False, True
        headers = passes(self.terminal) if answer == "1" else {}
        if not headers:
            return None
        secure = [url for url in urls if url.startswith("https:")] if urls[0].startswith("https:") else urls
        return self._reach(replace(instance, headers={**instance.headers, **headers}), secure)

    def _taken(self, instance: Instance, urls: Sequence[str], seen: Seen) -> tuple[Instance, bool, bool] | None:
        if seen.kind is not instance.kind:
            self.say(f"  {seen.kind.title} answers at {seen.url}, not {instance.kind.title}: check the port.")
            return None
        if urls[0].startswith("https:") and seen.url.startswith("http:"):
            self.say(f"  {instance.kind.title} speaks plain http there, not https.")
            if not yes(self.terminal, f"  Use {seen.url}?", usual=False):
                return None
        elif seen.url != urls[0]:
            self.say(f"  {instance.kind.title} answers at {seen.url}: taken.")
        if seen.url.startswith("http:") and not _near(seen.url):
            self.say("  Plain http: its key or password can be read by others on the way.")
        return replace(instance, url=seen.url), seen.lets_in, False

    def _trust(self, instance: Instance) -> Instance | None:
        """Ask how to go on with a certificate that nobody vouches for; None: with another address."""
        if instance.ca_file is not None:
            self.say("  That file does not vouch for it either.")
        self.say("    1  name the file with your own CA's certificate, or the server's own (PEM)")
        self.say(f"    2  do not verify it. {UNVERIFIED}")
        self.say("    3  another address")
        answer = self.terminal.ask("  1, 2 or 3 (Enter: 3)?")
        if answer == "2":
            return replace(instance, verify_tls=False, ca_file=None)
        if answer == "1":
            file = Path(self.terminal.ask("  Which file?")).expanduser().absolute()
            if file.is_file():
                return replace(instance, ca_file=file)
            self.say("  That is no file.")
        return None

    # ---- the login

    def login(self, instance: Instance, *, lets_in: bool, untried: bool) -> tuple[Instance, bool, str] | None:
        """Return the instance with a login, whether it was accepted, and what it said of itself; None: leave it out."""
        if lets_in:
            self.say("  It lets this machine in without a login.")
            return instance, True, self._accepted(self.prober.test(instance, self._with(instance)).findings)
        refusals = 0
        known = instance if instance.api_key is not None else None
        while True:
            filled = known or self._asked(instance)
            known = None
            if filled is None:
                if yes(self.terminal, f"  Leave {instance.kind.title} out?", usual=False):
                    return None
                continue
            if untried:
                return filled, False, "untested"
            trial = self.prober.test(filled, self._with(filled))
            if trial.error is None:
                return filled, True, self._accepted(trial.findings)
            fault = trial.error
            if isinstance(fault, LoginRefused):  # what to mend is asked for next
                self.say(f"  {instance.kind.title}: {fault.message}.")
            else:
                self._tell(instance.kind.title, fault)
            refusals += isinstance(fault, LoginRefused)
            if not self._again(fault, refusals):
                if yes(self.terminal, "  Write it down all the same?", usual=False):
                    return filled, False, "not accepted yet"
                return None

    def _again(self, fault: ServiceError, refusals: int) -> bool:
        if refusals >= _LOGIN_TRIES:
            self.say(f"  Refused {refusals} times; no more tries, so that this address is not banned.")
            return False
        usual = isinstance(fault, Unauthorized) and not isinstance(fault, Banned) and refusals < _LOGIN_TRIES - 1
        counted = f" ({refusals} of 5 refused logins)" if refusals else ""
        return yes(self.terminal, f"  Enter it again?{counted}", usual=usual)

    def _asked(self, instance: Instance) -> Instance | None:
        """Ask for a key or login; None if what was entered is none."""
        if instance.kind is Kind.QBITTORRENT:
            self.say(f"  Login: {LOGIN_PLACE[instance.kind]}")
            self.say(f"  {BAN}")
            user = self.terminal.ask(f"  User (Enter: admin, {NONE}: an API key)?") or "admin"
            if user != NONE:
                return self._with_password(instance, user)
        else:
            self.say(f"  Key: {KEY_PLACE[instance.kind]}")
        also = " (Enter: user and password instead)" if instance.kind is Kind.SHOKO else ""
        key = self.terminal.secret(f"  API key, not shown{also}:").strip("\"'`")
        if not key and instance.kind is Kind.SHOKO:
            self.say(f"  Login: {LOGIN_PLACE[instance.kind]}")
            return self._with_password(instance, self.terminal.ask("  User (Enter: Default)?") or "Default")
        problem = _key_problem(key)
        if problem:
            self.say(f"  {problem}")
            return None
        return replace(instance, api_key=Secret(key))

    def _with_password(self, instance: Instance, user: str) -> Instance | None:
        password = self.terminal.secret("  Password, not shown:")
        if not user.isprintable() or not password.isprintable() or (not password and instance.kind is not Kind.SHOKO):
            self.say("  Nothing usable was entered.")
            return None
        return replace(instance, username=user, password=Secret(password))

    def _with(self, instance: Instance) -> Settings:
        settings = self.plan.settings
        return replace(settings, instances=(*settings.instances, instance))

    def _accepted(self, findings: Sequence[Finding]) -> str:
        """Show what was found; return the version."""
        for one in findings:
            if one.level >= Level.WARN or (one.topic in _TOLD and one.level is not Level.NOTE):
                self.say(f"  {one.level.word:<4}  {one.topic}: {one.text}{f' — {one.fix}' if one.fix else ''}")
        version = next((one.text for one in findings if one.topic == "version"), "")
        return version.partition(",")[0].partition(" is ")[0].partition(" (")[0]


def _key_problem(key: str) -> str | None:
    if not key:
        return "Nothing was entered."
    if "://" in key:
        return "That is an address, not a key."
    if not re.fullmatch(r"[!-~]+", key):
        return "That holds blanks or characters that no key has: copy the key alone."
    return None


def _near(url: str) -> bool:
    """Return whether an address is on this machine or in a private network, by its look."""
    host = url.partition("://")[2].rpartition(":")[0] or url.partition("://")[2]
    return bool(re.match(r"(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)", host)) or "." not in host


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
