"""Shokofin itself: installed, able to reach Shoko, told about new files, of a sound release."""

from collections.abc import Iterable

from tracker_tui.diagnose.rule import Code, CommonRule, Later, Word, at, over, problem
from tracker_tui.diagnose.scene import Scene
from tracker_tui.diagnose.waiting import Waiting, says
from tracker_tui.model.jellyfin import FAULTY_SHOKOFINS, SHOKOFIN_ID, Plugin
from tracker_tui.model.states import Attention
from tracker_tui.model.world import Problem
from tracker_tui.reconcile.case import JellyfinView, Unit

SHOKOFIN_MISSING = Code(
    name="SHOKOFIN_MISSING",
    levels=(Attention.ERROR,),
    means="Jellyfin has no active Shokofin plugin, so nothing that Shoko matched reaches it.",
)
SHOKOFIN_OLD = Code(
    name="SHOKOFIN_OLD",
    levels=(Attention.WARN,),
    means="Shokofin 6.0.0 and 6.0.1 miss new files through a timing fault; 6.0.2 repaired it.",
)
SHOKOFIN_NO_SHOKO = Code(
    name="SHOKOFIN_NO_SHOKO",
    levels=(Attention.ERROR,),
    means="The plugin cannot reach its Shoko server, or its key is refused.",
)
SHOKOFIN_NO_LIBRARY = Code(
    name="SHOKOFIN_NO_LIBRARY",
    levels=(Attention.ERROR,),
    means="Shokofin runs, and no library of Jellyfin takes its metadata from Shoko: it fills none of them.",
)
SIGNALR_DOWN = Code(
    name="SIGNALR_DOWN",
    levels=(Attention.ERROR,),
    means="Shokofin is not connected to Shoko's events: new files wait for the next scan or refresh.",
)


def plugin_missing(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """Without an active plugin nothing that Shoko knows reaches Jellyfin; an unreadable list says nothing."""
    plugins = waiting.view.plugins
    if plugins is None or any(one.status == "Active" for one in _shokofins(plugins)):
        return
    found = _shokofins(plugins)
    state = f"is {found[0].status}" if found else "is not installed"
    name = waiting.scene.name(waiting.ref)
    yield over(
        units,
        SHOKOFIN_MISSING(
            f"{name} runs no Shokofin: the plugin {state}",
            "Jellyfin → Dashboard → Plugins: enable Shoko, then restart Jellyfin"
            if found
            else "install the plugin Shoko in Jellyfin, then restart Jellyfin",
            waiting.scene.saw(waiting.ref, "plugin Shoko", found[0].status if found else "not installed"),
            phrase=says("Shokofin is not running"),
        ),
        place=at(waiting.ref),
    )


def no_shoko(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """The plugin itself says that Shoko does not answer it."""
    if waiting.plugin.host_reachable is not False:
        return
    yield over(
        units,
        SHOKOFIN_NO_SHOKO(
            f"Shokofin in {waiting.scene.name(waiting.ref)} cannot reach Shoko",
            "Jellyfin → Shokofin → Connection: check Shoko's address and the login",
            waiting.scene.saw(waiting.ref, "Shokofin: host version", "no answer from Shoko"),
            phrase=says("Shokofin cannot reach Shoko"),
        ),
        place=at(waiting.ref),
    )


def no_library(waiting: Waiting, units: list[Unit]) -> Iterable[Word]:
    """The plugin fills only libraries that take their metadata from it (check 10)."""
    libraries = waiting.view.libraries
    if not libraries or any(one.uses_shoko is not False for one in libraries):
        return
    name = waiting.scene.name(waiting.ref)
    yield over(
        units,
        SHOKOFIN_NO_LIBRARY(
            f"Shokofin fills no library of {name}: none takes its metadata from Shoko",
            "Jellyfin → Dashboard → Libraries → the anime library → enable Shoko among its metadata readers, then scan",
            waiting.scene.saw(waiting.ref, "libraries with Shoko", f"0 of {len(libraries)}"),
            phrase=says("no library of Jellyfin uses Shokofin"),
        ),
        place=at(waiting.ref),
    )


def connection_lost(waiting: Waiting, units: list[Unit], *, swept: bool) -> Iterable[Word]:
    """No events, no links until the next scan (F9). A status that cannot be read says nothing.

    `swept` = Jellyfin has swept since, in vain: another refresh is not recommended.
    """
    status = waiting.plugin.signalr
    if status is None or not _disconnected(status.state, status.active):
        return
    yield over(
        units,
        SIGNALR_DOWN(
            f"Shokofin in {waiting.scene.name(waiting.ref)} is not connected to Shoko "
            f"(SignalR {status.state or 'not active'}): new files wait for the next scan",
            "Shokofin → Connection → enable auto-connect and Connect"
            + ("" if swept else "; meanwhile press v to refresh"),
            waiting.scene.saw(waiting.ref, "SignalR", status.state or "not active"),
            phrase=says("Shokofin is not connected to Shoko"),
        ),
        place=at(waiting.ref),
    )


def _disconnected(state: str | None, active: bool | None) -> bool:
    if state is not None:
        return state == "Disconnected"
    return active is False


def old_plugin(scene: Scene) -> Iterable[Problem | Later]:
    """Warn of the two releases with the timing fault (P58)."""
    for ref, view in scene.around.jellyfins.items():
        for plugin in _shokofins(view.plugins or ()):
            if plugin.status == "Active" and _release(plugin.version) in FAULTY_SHOKOFINS and not scene.down(ref):
                yield problem(
                    at(ref),
                    SHOKOFIN_OLD(
                        f"Shokofin {plugin.version} in {scene.name(ref)} misses new files through a timing fault",
                        "update the plugin to 6.0.2 or later, then restart Jellyfin",
                        scene.saw(ref, "Shokofin version", plugin.version or ""),
                    ),
                )


def _shokofins(plugins: Iterable[Plugin]) -> list[Plugin]:
    return [one for one in plugins if one.id == SHOKOFIN_ID]


def plugin_release(view: JellyfinView) -> tuple[int, ...] | None:
    """Return the release of the active plugin; None where it is not known."""
    active = [one for one in _shokofins(view.plugins or ()) if one.status == "Active"]
    return _release(active[0].version) or None if active else None


def _release(version: str | None) -> tuple[int, ...]:
    parts = (version or "").split(".")[:3]
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else ()


CODES = (SHOKOFIN_MISSING, SHOKOFIN_OLD, SHOKOFIN_NO_SHOKO, SHOKOFIN_NO_LIBRARY, SIGNALR_DOWN)
COMMON_RULES: tuple[CommonRule, ...] = (old_plugin,)
