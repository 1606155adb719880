"""The application: puts the parts together; decides nothing itself."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime, tzinfo
from functools import partial
from typing import cast

from rich.console import RenderableType
from textual import events
from textual.app import App, SystemCommand
from textual.message import Message
from textual.notifications import Notify, SeverityLevel
from textual.screen import Screen
from textual.timer import Timer

from tracker_tui.config.settings import UiSettings
from tracker_tui.model.answers import Answer
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.traffic import Traffic
from tracker_tui.model.world import World
from tracker_tui.present.answers import answer_lines, answer_title
from tracker_tui.present.lines import EMPTY, Line, Span, line
from tracker_tui.present.mutes import Mutes
from tracker_tui.tui.alerts import run_notifier, terminal_notification
from tracker_tui.tui.errand import Errands
from tracker_tui.tui.feed import Feed
from tracker_tui.tui.framebuffer import FrameBuffer, Update
from tracker_tui.tui.help import help_lines
from tracker_tui.tui.keys import KEYS, bindings, complaints, effective, reworded, shown
from tracker_tui.tui.lines import Lines
from tracker_tui.tui.logbook import Logbook
from tracker_tui.tui.main_screen import MainScreen
from tracker_tui.tui.notices import Herald
from tracker_tui.tui.outlet import Outlet
from tracker_tui.tui.pages import Choice, Page
from tracker_tui.tui.paint import safe
from tracker_tui.tui.playback import Playback
from tracker_tui.tui.themes import DEFAULT, NAMES, THEMES, tones_for
from tracker_tui.tui.wishes import Wish

AGES_S = 30.0
"""Ages are looked at this often; a line is repainted only if its words changed."""

NOTE_S = 15.0
"""How long a word about the start stands."""

CATCH_UP_S = 0.1
"""A terminal that stood still is looked at this often."""


class TrackerApp(App[None]):
    """The terminal interface over a feed of worlds."""

    CSS_PATH = "tracker.tcss"
    TITLE = "tracker-tui"
    BINDINGS = bindings("everywhere")
    ENABLE_COMMAND_PALETTE = True

    class Fed(Message):
        """There is a world to take."""

    def __init__(
        self,
        feed: Feed,
        first: World,
        now: Callable[[], datetime],
        *,
        ui: UiSettings,
        web_urls: dict[InstanceRef, str] | None = None,
        book: Logbook | None = None,
        errands: Errands | None = None,
        mutes: Mutes | None = None,
        keep_mutes: Callable[[Mutes], bool] = lambda _: False,
        tell: Callable[[Answer], object] = lambda _: None,
        traffic: Callable[[], Sequence[Traffic]] = tuple,
        notes: Sequence[str] = (),
        playback: Playback | None = None,
        start_over: Callable[[], object] = lambda: None,
        zone: tzinfo | None = None,
    ) -> None:
        # Only for native colours does Textual take all colour away under NO_COLOR; from others it makes greys.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.animation_level = "none"
        self.feed = feed
        self.ui = ui
        self.keys = effective(ui.keymap)
        self.playback = playback
        self._start_over = start_over
        self.main = MainScreen(
            first,
            now,
            plain=ui.ascii,
            keys=self.keys,
            web_urls=web_urls or {},
            mutes=mutes,
            traffic=traffic,
            playback=playback,
            zone=zone,
        )
        self._keep_mutes = keep_mutes
        self._tell = tell
        self._frame, self._outlet = FrameBuffer(), Outlet()
        self._behind: Timer | None = None
        self.leaving: Callable[[], object] = lambda: None
        """Is called before the application ends, well or after a fault."""
        self._now = now
        self._book = book or Logbook()
        self._errands = errands
        self._herald = Herald()
        self._notes = [*notes, *complaints(ui.keymap)]
        self._dress()

    def _dress(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        wanted = self.ui.theme
        if wanted is not None and wanted not in self.available_themes:
            self._notes.append(f"there is no theme {wanted!r}; {shown(self.keys['theme'])} shows the themes")
        self.theme = wanted if wanted in self.available_themes else DEFAULT
        self.set_class(self.ui.ascii, "-plain")

    def get_default_screen(self) -> Screen[None]:
        """Begin with the main screen."""
        return self.main

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send what differs from what the terminal shows (Textual would send all of it), once it takes it."""
        sends = self._running and not self._closed and not self.is_headless and not self._batch_count
        if sends and isinstance(renderable, Update):
            if not self._outlet.takes():
                self._behind = self._behind or self.set_interval(CATCH_UP_S, self._catch_up)
                return
            whole = screen._compositor.render_full_update  # noqa: SLF001 - no public way to ask for it
            changes = self._frame.update(renderable, self.console, self.size, whole)
            if changes.text:
                super()._display(screen, cast("RenderableType", changes))
        else:
            super()._display(screen, renderable)

    def _catch_up(self) -> None:
        """Show the present once the terminal takes it."""
        if self._behind is not None and self._outlet.takes():
            self._behind.stop()
            self._behind = None
            self.screen.refresh()

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End, also where nobody reads the terminal."""
        self.leaving()
        super().exit(result, return_code, message)

    async def on_event(self, event: events.Event) -> None:
        """Act on a key when it comes.

        Textual lets it wander through the focused widget first; meanwhile the keys typed after it would be given to
        whoever has the focus now, not to whom it moves the focus.
        """
        if isinstance(event, events.Key) and not event.is_forwarded and not self.screen.is_modal:
            self.app_focus = True
            if self.screen is self.main and self.main.take_key(event):
                return
            if await self._check_bindings(event.key):
                return
        await super().on_event(event)

    def on_resize(self) -> None:
        """Draw everything anew: what a terminal keeps of its old size is its own affair."""
        self._frame.forget()

    def action_redraw(self) -> None:
        """Draw everything anew, over whatever somebody else wrote on the terminal."""
        self._frame.forget()
        self.screen.refresh()

    def on_mount(self) -> None:
        """Take the user's keys; start the feed once the first frame is out."""
        self.set_keymap({name: keys for name, keys in self.ui.keymap.items() if name in self.keys})
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        self.set_interval(AGES_S, self.main.renew)
        self.call_after_refresh(self.call_after_refresh, self._begin)

    def _begin(self) -> None:
        self.feed.start(lambda: self.post_message(self.Fed()))
        for note in self._notes:
            self.notify(note, severity="warning", timeout=NOTE_S)

    def on_tracker_app_fed(self) -> None:
        """Show the newest world and say what happened."""
        if not self.is_running:  # it ends
            return
        if trouble := self.feed.trouble():
            self.main.tell_trouble(trouble)
        world = self.feed.take()
        if world is not None:
            self.main.show(world)
        if isinstance(self.screen, Page):
            self.screen.renew()  # also without a world: the log tells what the trouble is
        if world is None:
            return
        notices = self._herald.events(world, self._now(), self.main.requests.view.muted)
        for notice in notices:
            self.notify(notice.text, severity="warning" if notice.urgent else "information")
            if self.ui.terminal_notify and self._driver is not None and self._outlet.takes():
                self._driver.write(terminal_notification(notice.text))
            run_notifier(self.ui.notify, notice.text)
        if notices and self.ui.bell and self._outlet.takes():
            self.bell()

    def on_main_screen_muted(self, event: MainScreen.Muted) -> None:
        """Keep what is muted; say so where it cannot be kept."""
        if not self._keep_mutes(event.mutes):
            self.notify("Until the program ends: the store cannot be written", timeout=NOTE_S)

    def on_wish(self, wish: Wish) -> None:
        """Hand a wish to whoever can fulfil it."""
        if self.playback is not None and self.playback.recorded:
            self.notify("This is a recording: nobody can be asked, and nothing refreshed")
        elif wish.name == "refresh":
            self.feed.refresh_now()
            self.notify("Asking every service", timeout=2)
        elif wish.name == "vfs-refresh" and wish.request is not None and self._errands is not None:
            self._errands.vfs_refresh(wish.request.id, self)
        elif wish.name == "ask" and wish.request is not None and self._errands is not None:
            self._errands.ask(wish.request, wish.place, self)
        else:
            self.notify("This view only shows; nothing can be asked or refreshed here")

    def newest(self) -> World:
        """Return the newest world. This and the next five are a desk's: they may be called from any thread."""
        return self.main.world

    def ask_services(self) -> None:
        """Have every service asked now."""
        self.feed.refresh_now()

    def tell(self, text: str) -> None:
        """Show an errand's answer."""
        self.call_later(self.notify, text, timeout=NOTE_S)

    def progress(self, text: str) -> None:
        """Show how far an errand is."""
        self.call_later(self.main.tell_progress, text)

    def confirm(self, question: str, effects: Sequence[str]) -> Future[bool]:
        """Ask the user; leaving is no."""
        answer: Future[bool] = Future()
        about = [EMPTY, line(Span(question, "strong")), *(line(f"- {one}", indent=2) for one in effects)]
        entries = [line("No, leave it"), line("Yes, do it")]
        page = Choice("Confirm", entries, about, plain=self.ui.ascii)
        self.call_later(self.push_screen, page, lambda index: answer.set_result(index == 1))
        return answer

    def answered(self, answer: Answer) -> None:
        """Keep an answer beside its row, and show it."""
        self.call_later(self._show_answer, answer)

    async def _show_answer(self, answer: Answer) -> None:
        self.main.keep(answer)
        self._tell(answer)
        await self._page(answer_title(answer), lambda: answer_lines(answer))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a toast: always plain text, always safe."""
        del markup
        told = reworded([line(message)], self.keys)[0].text
        text, plain = safe(told, plain=self.ui.ascii), safe(title, plain=self.ui.ascii)
        super().notify(text, title=plain, severity=severity, timeout=timeout, markup=False)

    def on_notify(self, event: Notify) -> None:
        """Say nothing that still stands there."""
        if any(one.message == event.notification.message for one in self._notifications):
            event.prevent_default()

    @property
    def fault(self) -> Exception | None:
        """Return the exception that ended the application, None if it ended well."""
        return self._exception

    def _fatal_error(self) -> None:
        """End after an exception; `conduct` reports it. Textual's own report shows the values of variables."""
        self.leaving()
        self._close_messages_no_wait()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action of the key table."""
        wheres = {"main", "everywhere"} | ({"playback"} if self.playback is not None else set())
        for key in KEYS:
            if key.where in wheres and key.id != "palette":
                run = partial(self.run_action, key.action, self.main if key.where == "main" else self)
                yield SystemCommand(key.words, shown(self.keys[key.id]), run)

    def action_command_palette(self) -> None:
        """Show the palette, without what blinks, spins or needs a font."""
        from textual.command import CommandPalette
        from textual.widgets import Input

        def calm() -> None:
            for typed in palette.query(Input):
                typed.cursor_blink = False

        if not isinstance(self.screen, CommandPalette):
            palette = CommandPalette(id="--command-palette")
            self.push_screen(palette)
            palette.call_after_refresh(calm)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our tones for themes that know nothing of them."""
        return super().get_theme_variable_defaults() | tones_for(self.current_theme)

    async def action_theme(self) -> None:
        """Choose a theme, ours first; each is shown while the cursor stands on it."""
        names = (*NAMES, *sorted(self.available_themes.keys() - set(NAMES)))
        before = names.index(self.theme)

        def look(index: int) -> None:
            self.theme = names[index]
            for screen in self.screen_stack:
                for lines in screen.query(Lines):
                    lines.refresh()

        def take(index: int | None) -> None:
            look(before if index is None else index)
            if index is not None:
                self.notify(f'theme = "{self.theme}" in [ui] keeps it')

        entries = [line(Span(name), *([Span("  in use", "muted")] if name == self.theme else [])) for name in names]
        await self.push_screen(Choice("Theme", entries, plain=self.ui.ascii, start=before, look=look), take)

    def action_play(self, what: str, *direction: int) -> None:
        """Steer the demo or the recording."""
        if self.playback is None:
            return
        getattr(self.playback, what)(*direction)
        if what == "again":
            self._start_over()
        self.main.renew()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keep the keys of a demo or recording silent where there is none."""
        return self.playback is not None if action == "play" else super().check_action(action, parameters)

    async def action_help(self) -> None:
        """Show keys and glyphs."""
        here, wrong = self._heard(), complaints(self.ui.keymap)
        await self._page("Help", lambda: help_lines(self.keys, here, wrong, plain=self.ui.ascii))

    def _heard(self) -> tuple[str, ...]:
        """Return the places whose keys are heard where the focus is, nearest first."""
        if isinstance(self.screen, Page):
            return "page", "list", "everywhere"
        if self.screen is not self.main:
            return "choice", "list", "page", "everywhere"
        near = ("tree",) if self.main.focused is self.main.requests else ()
        playing = ("playback",) if self.playback is not None else ()
        return *near, "list", "main", *playing, "everywhere"

    async def action_log(self) -> None:
        """Show the program's own log."""
        await self._page("Log", self._book.lines, at_end=True)

    async def _page(self, title: str, make: Callable[[], list[Line]], *, at_end: bool = False) -> None:
        if not (isinstance(self.screen, Page) and self.screen.about == title):
            await self.push_screen(Page(title, make, plain=self.ui.ascii, at_end=at_end))
