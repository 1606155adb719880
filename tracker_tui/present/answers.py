"""Answers to the expensive question, as paragraphs: what was found, in the servers' own words, and what follows."""

from collections.abc import Iterator

from tracker_tui.model.answers import Answer, FolderSeen, WouldLink
from tracker_tui.model.arr import FoundRelease, ReleaseSearch
from tracker_tui.model.ids import Kind
from tracker_tui.present import numbers
from tracker_tui.present.lines import EMPTY, Line, Span, heading, line

_REASONS = 12
"""Reasons listed; the rest is counted."""


def answer_lines(answer: Answer) -> list[Line]:
    """Return the whole answer, for a page of its own or below the details of its row."""
    match answer.found:
        case ReleaseSearch() as found:
            return list(_releases(answer, found))
        case WouldLink() as found:
            return list(_preview(found))
        case FolderSeen() as found:
            return list(_folder(found))


def answer_title(answer: Answer) -> str:
    """Return what was asked."""
    match answer.found:
        case ReleaseSearch():
            return f"{answer.asked.kind.title}'s search by hand · {answer.about}"
        case WouldLink():
            return f"Shokofin's preview · {answer.about}"
        case FolderSeen():
            return f"{Kind.JELLYFIN.title}'s view of the folder · {answer.about}"


def _releases(answer: Answer, found: ReleaseSearch) -> Iterator[Line]:
    name = answer.asked.kind.title
    if not found.found:
        yield line(Span("No indexer offers anything.", "strong"))
        yield _next("check the indexers and the title's other names, or wait for a release")
        return
    refused = found.found - found.approved
    releases = "1 release" if found.found == 1 else f"{found.found} releases"
    yield line(Span(f"{releases} found, {name} refuses {'all' if refused == found.found else refused}.", "strong"))
    if found.approved:
        yield _next(f"{name} would take {found.approved}: start an automatic search there, or choose one by hand")
    elif found.rejections:
        yield _next(f"change what refuses most ({name}: quality profile, custom formats, size), or choose one by hand")
    if found.rejections:
        yield EMPTY
        yield heading("Why it refuses")
        for reason, count in found.rejections[:_REASONS]:
            yield line(Span(f"{count:>4} × ", "muted"), reason, indent=7)
        if len(found.rejections) > _REASONS:
            yield line(Span(f"and {len(found.rejections) - _REASONS} more reasons", "muted"))
    if found.best:
        yield EMPTY
        yield heading("The best of them")
        for one in found.best:
            yield from _release(one)


def _release(one: FoundRelease) -> Iterator[Line]:
    facts = (
        one.quality,
        numbers.size(one.size_bytes) if one.size_bytes is not None else None,
        f"{one.seeders} seeders" if one.seeders is not None else None,
        one.indexer,
    )
    yield line(one.title, indent=2)
    yield line(Span("  " + " · ".join(filter(None, facts)), "muted"), indent=4)
    for reason in one.rejections:
        yield line(f"  - {reason}", indent=4)


def _preview(found: WouldLink) -> Iterator[Line]:
    if not found.told:
        yield line(Span(f"Shokofin told nothing about {found.library}.", "strong"))
        yield line("It generates nothing there: a scan runs, no Shoko folder is mapped, or a folder cannot be read.")
        yield _next(f"Shokofin → Library settings: check the folders of {found.library}")
        return
    of = f"{found.wanted} file" if found.wanted == 1 else f"{found.wanted} files"
    if found.would:
        yield line(Span(f"A refresh would link {found.would} of {of} in {found.library}.", "strong"))
        yield _next("press v: nothing stands in the way of these links")
    elif found.linked:
        yield line(
            Span(f"{found.linked} of {of} are linked in {found.library} already; Jellyfin lacks them.", "strong")
        )
        yield _next("look for the show in Jellyfin's log; Shokofin has done its part")
    else:
        yield line(Span(f"Shokofin would link none of {of} in {found.library}.", "strong"))
        yield _next("Jellyfin → Dashboard → Logs: look for Shokofin's words about these files; check its filters")
    if found.left_out:
        yield EMPTY
        yield heading("Left out")
        for name in found.left_out:
            yield line(name, indent=2)
    if found.examples:
        yield EMPTY
        yield heading("Links" if found.linked and not found.would else "Would be linked")
        for path in found.examples:
            yield line(path, indent=2)


def _folder(found: FolderSeen) -> Iterator[Line]:
    name = Kind.JELLYFIN.title
    if found.folder_there is None:
        yield line(Span(f"{name} does not tell what it sees of {found.folder}.", "strong"))
        yield _next("use an administrator's key")
        return
    if not found.folder_there:
        yield line(Span(f"{name} does not see {found.folder}.", "strong"))
        yield _next("mount it in Jellyfin's container; where it lies elsewhere there, compare the library's folders")
        return
    held = "" if found.entries is None else f" It holds {found.entries} entries."
    yield line(Span(f"{name} sees {found.folder}.{held}", "strong"))
    match found.file_there:
        case True:
            yield line(f"{found.file} is there.")
            yield _next("press v to scan its library; if that was in vain, check that a library holds this folder")
        case False:
            yield line(f"{found.file} is not there for it.")
            yield _next("compare the spelling, and the permissions of Jellyfin's user")


def _next(step: str) -> Line:
    return line(Span("→ ", "strong"), Span(step, "strong"), indent=2)
