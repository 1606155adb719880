"""The screen that stays open: services, counts, tree, details, keys."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.screen import Screen

from tracker_tui.model.answers import Answer
from tracker_tui.model.ids import InstanceRef
from tracker_tui.model.traffic import Traffic
from tracker_tui.model.world import World
from tracker_tui.present.details import Moment, unassigned_lines
from tracker_tui.present.hints import hint
from tracker_tui.present.history import history_lines
from tracker_tui.present.lines import Line, Span, line
from tracker_tui.present.mutes import Mutes, mute_choices, muted_keys
from tracker_tui.present.rows import Sort, View
from tracker_tui.present.service_page import service_lines
from tracker_tui.present.state_choices import state_choices
from tracker_tui.tui.details import Details
from tracker_tui.tui.filter_line import FilterLine, Typed
from tracker_tui.tui.keys import bindings
from tracker_tui.tui.lines import Text
from tracker_tui.tui.pages import Choice, MultiChoice, Page
from tracker_tui.tui.paint import fit, width_of
from tracker_tui.tui.playback import Playback, playback_line
from tracker_tui.tui.status import first, key_line, services_line, summary_spans, too_small, trouble_line
from tracker_tui.tui.tree import RequestTree
from tracker_tui.tui.wishes import Wish, place_of

MIN_WIDTH, MIN_HEIGHT, TALL, WIDE = 40, 12, 24, 140


class MainScreen(Screen[None]):
    """Shows a world; knows nothing of where it comes from."""

    class Muted(Message):
        """The user changed what is muted."""

        def __init__(self, mutes: Mutes) -> None:
            super().__init__()
            self.mutes = mutes

    BINDINGS: ClassVar[list[BindingType]] = bindings("main", "playback")
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (MIN_WIDTH, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - Textual's type
    VERTICAL_BREAKPOINTS = [(0, "-low"), (MIN_HEIGHT, "-short"), (TALL, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        world: World,
        now: Callable[[], datetime],
        *,
        plain: bool,
        keys: Mapping[str, str],
        web_urls: Mapping[InstanceRef, str],
        mutes: Mutes | None = None,
        traffic: Callable[[], Sequence[Traffic]] = tuple,
        playback: Playback | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(id="main", classes="details -plain" if plain else "details")
        self.world = world
        self.plain = plain
        self._now = now
        self._mutes = mutes or Mutes()
        self._traffic = traffic
        self._progress = ""
        self._trouble = ""
        self._keys = keys
        self._web_urls = web_urls
        self._playback = playback
        self._zone = zone
        self._filter_waits = False
        self._told: str | None = None
        """Key of the row that the details are about."""

    def compose(self) -> ComposeResult:
        """Make the parts, from top to bottom."""
        yield Text(plain=self.plain, id="services")
        yield Text(plain=self.plain, id="counts")
        if self._playback is not None:
            yield Text(plain=self.plain, id="playback")
        with Container(id="body"):
            yield RequestTree(plain=self.plain, id="tree")
            yield Details(self._web_urls, plain=self.plain, id="details")
        yield FilterLine(self._keys, plain=self.plain, id="filter")
        yield Text(plain=self.plain, id="keys")
        yield Text(plain=self.plain, id="small")

    def on_mount(self) -> None:
        """Point at the tree and fill everything."""
        self.set_focus(self.requests)
        self.renew()

    def on_resize(self) -> None:
        """Fit the one-line parts to the new width, once it is known to them."""
        self.call_after_refresh(self.renew)

    @property
    def _stands(self) -> bool:
        """Return whether there is something to fill: no more, when a world or an errand comes at the end."""
        return self.app.is_running and bool(self.children)

    @property
    def requests(self) -> RequestTree:
        """Return the main tree."""
        return self.query_one("#tree", RequestTree)

    @property
    def details(self) -> Details:
        """Return the pane about the row under the cursor."""
        return self.query_one("#details", Details)

    @property
    def filter(self) -> FilterLine:
        """Return the line in which a filter is typed."""
        return self.query_one("#filter", FilterLine)

    @property
    def zone(self) -> tzinfo | None:
        """Return the time zone of what is shown: where a recording was made, else the reader's."""
        return self._zone or self.world.generated_at.astimezone().tzinfo

    def show(self, world: World) -> None:
        """Show a new world; what did not change is not repainted."""
        self.world = world
        self.renew()

    def tell_progress(self, text: str) -> None:
        """Show how far an errand of the user's is; "" when it is over."""
        self._progress = text
        self.renew()

    def tell_trouble(self, text: str) -> None:
        """Say for good that no world will come any more, in place of lamps that would go on shining."""
        if text != self._trouble:
            self._trouble = text
            self.renew()

    def renew(self) -> None:
        """Show the same world as of now: ages move on, nothing else."""
        if not self._stands:
            return
        now, zone = self._now(), self.zone
        tree = self.requests
        muted = muted_keys(self.world, self._mutes)
        if muted != tree.view.muted:
            tree.view = replace(tree.view, muted=muted)
        tree.hint = hint(self.world, tree.view, {name: first(self._keys, name) for name in ("clear", "refresh")})
        if zone is not None:
            tree.show(self.world, now, zone)
            self.set_class(not tree.rows, "hollow")
        self._show_lines(now)
        self._show_details()

    def _show_lines(self, now: datetime) -> None:
        (width, height), plain, view = self.size, self.plain, self.requests.view
        if self._trouble:
            above = trouble_line(self._trouble, self._keys, width, plain=plain)
        else:
            above = services_line(self.world, now, width, plain=plain)
        self.query_one("#services", Text).show([above])
        typing = self.has_class("filtering")
        counts = summary_spans(
            self.world,
            view,
            now,
            progress=self._progress,
            found="" if typing else self._found(),
            simulated=self.world.simulated and self._playback is None,
            plain=plain,
        )
        self.query_one("#counts", Text).show([tuple(fit(counts, width, plain=plain))])
        if typing:
            self.filter.tell(self._found())
        if self._playback is not None:
            played = playback_line(self._playback, self._keys, width, plain=plain)
            self.query_one("#playback", Text).show([played])
        self._show_keys()
        self.query_one("#small", Text).show(too_small((width, height), (MIN_WIDTH, MIN_HEIGHT), self._keys))

    def _found(self) -> str:
        return f"{self.requests.outline.chosen} of {len(self.world.requests)}"

    def _show_keys(self) -> None:
        recorded = self._playback is not None and self._playback.recorded
        line = key_line(self._keys, self.requests.row, self.size.width, recorded=recorded)
        self.query_one("#keys", Text).show([line])

    def _show_details(self, *, from_top: bool = False) -> None:
        self.details.tell(self._details(), from_top=from_top)

    def _details(self) -> list[Line]:
        zone = self.zone
        if zone is None:
            return []
        return self.details.about(self.requests.row, self.world, Moment(self._now(), zone, self.plain))

    def keep(self, answer: Answer) -> None:
        """Keep an answer beside its row."""
        if self._stands:
            self.details.keep(answer, self.world)
            self.renew()

    def on_request_tree_pointed(self, event: RequestTree.Pointed) -> None:
        """Follow the cursor with the details, and with what the keys can do."""
        event.stop()
        if not self._stands:
            return
        key = event.row.key if event.row is not None else None
        self._show_details(from_top=key != self._told)
        if key != self._told:
            self._told = key
            self._show_keys()

    async def on_request_tree_read(self, event: RequestTree.Read) -> None:
        """Let the details of a row be read that has nothing below it."""
        event.stop()
        if self._cramped:
            await self.action_details()
        else:
            self.add_class("details")
            self.call_after_refresh(self.set_focus, self.details)

    @property
    def _cramped(self) -> bool:
        """Return whether there is no room for the details beside or below the tree."""
        return self.has_class("-short") and not self.has_class("-wide")

    def _change(self, view: View) -> None:
        self.requests.view = view
        self.renew()

    def action_next_attention(self, direction: int) -> None:
        """Go to the next row that wants a person."""
        if not self.requests.next_attention(direction):
            self.notify("Nothing in sight needs attention")

    def action_filter(self) -> None:
        """Type a filter."""
        self.add_class("filtering")
        self.filter.tell(self._found())
        self.filter.begin(self.requests.view.filter)
        self.set_focus(self.filter)

    def take_key(self, event: events.Key) -> bool:
        """Give a key to the filter where one is being typed; return whether it was taken."""
        typed = self.filter.take(event) if self.focused is self.filter else None
        if typed is Typed.CHANGED:
            self._filter_soon()
        elif typed is not None and typed is not Typed.NOTHING:
            self.set_focus(self.requests)
            if typed is Typed.DROPPED:
                self.filter.begin("")
            self._filtered()
        return typed is not None

    def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """Keep the filter when the mouse leads elsewhere on the screen."""
        event.stop()
        if self.has_class("filtering") and self.focused is not self.filter:
            self._filtered()

    def _filtered(self) -> None:
        """Take the filter as it stands; typing is over."""
        self.remove_class("filtering")
        self._filter()
        self.renew()

    def on_filter_line_pasted(self, event: FilterLine.Pasted) -> None:
        """Filter by what was pasted."""
        event.stop()
        self._filter_soon()

    def _filter_soon(self) -> None:
        """Filter once the keys that wait already have been typed."""
        if not self._filter_waits:
            self._filter_waits = True
            self.call_later(self._filter)

    def _filter(self) -> None:
        self._filter_waits = False
        if self.filter.text != self.requests.view.filter:
            self._change(replace(self.requests.view, filter=self.filter.text))

    def action_clear(self) -> None:
        """Take toasts away; where there are none, go back from the details; from the tree, drop every filter."""
        if self.query("Toast"):
            self.app.clear_notifications()
            return
        if self.focused is not self.requests:
            self.set_focus(self.requests)
            return
        self._change(replace(self.requests.view, filter="", states=frozenset(), only_attention=False))

    async def action_states(self) -> None:
        """Choose which states to show."""
        choices = state_choices(self.world, self.requests.view, plain=self.plain)

        def take(chosen: list[int] | None) -> None:
            if chosen is not None:
                picked = {choices[index].state for index in chosen}
                states = frozenset(one for one in picked if one is not None)
                self._change(replace(self.requests.view, states=states, only_attention=None in picked))

        marked = [index for index, one in enumerate(choices) if one.chosen]
        await self.app.push_screen(
            MultiChoice("Show only", [one.words for one in choices], marked, plain=self.plain), take
        )

    def action_sort(self) -> None:
        """Go to the next order."""
        orders = list(Sort)
        view = self.requests.view
        self._change(replace(view, sort=orders[(orders.index(view.sort) + 1) % len(orders)]))

    async def action_details(self) -> None:
        """Show or hide the details; where there is no room beside the tree, as a page."""
        if self._cramped:
            await self._push("Details", self._details)
        else:
            self.toggle_class("details")

    def action_other_pane(self) -> None:
        """Go to the details, or back to the tree."""
        pane = self.details
        self.set_focus(pane if self.focused is self.requests and pane.display else self.requests)

    async def action_unassigned(self) -> None:
        """Show what belongs to nothing known."""
        await self._push("Unassigned downloads", lambda: unassigned_lines(self.world))

    async def action_services(self) -> None:
        """Show how every service answers, what it is asked and what went wrong."""
        await self._push("Services", self._service_page)

    def _service_page(self) -> list[Line]:
        zone, world = self.zone, self.world
        if zone is None:
            return []
        traffic = {one.ref: one for one in self._traffic()}
        return service_lines(
            world.services, world.problems, traffic, self._web_urls, Moment(self._now(), zone, self.plain)
        )

    async def action_history(self) -> None:
        """Show what happened lately, to all requests."""
        await self._push("History", self._history)

    def _history(self) -> list[Line]:
        zone = self.zone
        return history_lines(self.world, Moment(self._now(), zone, self.plain), width_of) if zone is not None else []

    async def _push(self, title: str, make: Callable[[], list[Line]]) -> None:
        await self.app.push_screen(Page(title, make, plain=self.plain))

    async def action_links(self) -> None:
        """Show the row's links; the chosen one goes to the terminal's clipboard (OSC 52)."""
        found = self.details.links(self.requests.row)
        if not found:
            self.notify("No link is known for this row; web_url in the configuration says where you click")
            return

        def take(index: int | None) -> None:
            if index is not None:
                self.app.copy_to_clipboard(found[index].url)
                self.notify("Sent to the terminal's clipboard; a terminal that refuses still lets you select the text")

        entries = [line(Span(f"{link.ref.kind.title:<12} ", "muted"), link.url) for link in found]
        await self.app.push_screen(Choice("Links", entries, plain=self.plain, verb="copy"), take)

    async def action_mute(self) -> None:
        """Choose what to mute of the row under the cursor, or what to hear of again."""
        choices = mute_choices(self.requests.row, self._mutes, self.world)
        if not choices:
            self.notify("Only requests and problems can be muted, and nothing is muted now")
            return

        def take(index: int | None) -> None:
            if index is not None:
                self._mutes = choices[index].then
                self.renew()
                self.post_message(self.Muted(self._mutes))

        await self.app.push_screen(Choice("Mute", [line(one.words) for one in choices], plain=self.plain), take)

    def action_vfs_refresh(self) -> None:
        """Wish for a library scan of the row."""
        self._wish("vfs-refresh")

    def action_ask(self) -> None:
        """Wish for the expensive question about the row."""
        self._wish("ask")

    def _wish(self, name: str) -> None:
        row = self.requests.row
        if row is None or row.request is None:
            self.notify("Choose a request first")
        else:
            self.post_message(Wish(name, row.request, place_of(row)))

    def action_refresh_now(self) -> None:
        """Wish for fresh answers."""
        self.post_message(Wish("refresh"))
