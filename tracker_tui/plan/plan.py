"""From what matters now to the questions of one tick.

`Asked` tells when a question was last put; a question on a timer is due when its rhythm has passed, one on demand when
something waits for it and it was not put just now. Every list is cut to a limit per tick: the oldest question first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.record import Fact
from tracker_tui.plan.topics import COVERED, RHYTHMS, Question, Rhythm, Topic
from tracker_tui.reconcile.interest import FileWanted, Interest, LookKind

ITEMS_PER_TICK = 12
"""Series or films read per tick and server: a burst of grabs does not become a burst of calls."""
FILES_PER_TICK = 20
"""Torrents whose file list is asked for per tick."""
LOOKUPS_PER_TICK = 26
"""Questions about files put to Shoko per tick: a season of two cours, file by file."""
LOOKUPS_PER_MINUTE = 40
"""Questions about files that Shoko gets in a minute, however many wait: the more, the more rarely about each."""
LISTED_FROM = 3
"""So many files that wait in one directory of Shoko's are asked about by one listing of it."""
JOBS_AFTER_S = 60.0
"""A file that waits less long is most likely next in Shoko's queue: nobody asks yet what the queue holds for it."""
JOBS_AGAIN_S = 60.0
"""Pause between lists of Shoko's queue; five times as long for more than `JOBS_FEW` jobs."""
JOBS_FEW = 100
RENAMED_AGAIN_S = 600.0
"""Pause between lists of a series' files, where a late file may be under another name."""
RENAMED_PER_TICK = 2
"""Such lists, and questions for the series of a title, per tick: nothing of it is urgent."""
STANDING_PER_MINUTE = 12
"""Series or films of open requests whose existence is looked at in a minute, by server: more of them more rarely."""
STANDING_PER_TICK = 3
LOOKS_PER_TICK = 6
"""Looks at Jellyfin's file system per tick: each may touch a slow disk."""
LOOK_AGAIN_S = {
    LookKind.FILE: 300.0,
    LookKind.FOLDER: 300.0,
    LookKind.LISTING: 300.0,
    LookKind.INVENTORY: 1800.0,
}
"""Pause between looks at one path; a scan that ended, or a user who asks, makes them due at once."""
TITLES_PER_TICK = 2
"""Titles asked from Seerr per tick: each may be a call to TMDB."""
QUEUE_PAUSE_S = 3.0
"""A dirty queue is read no more often."""
SELDOM_S = 60.0
"""Rhythm of a look at what may be gone, without any sign of it from the service itself."""
RETRY_S = 10.0
"""An unanswered wish is put again no sooner."""
SOUGHT_PAUSE_S = 120.0
"""What a server does not list yet is looked for again no sooner; the news of its arrival comes by other ways."""
NOT_OFFERED_S = 600.0
"""A question that a server does not know is put again no sooner."""
UNLIMITED = 10_000

Key = tuple[Topic, str]


class Moment(Fact):
    """Where a tick stands: `mono_s` monotonic, `now` corrected, the instance's activity, what just changed."""

    mono_s: float
    now: datetime
    moving: bool = False
    stirred: frozenset[Topic] = frozenset()
    """Timed topics that an earlier answer made due at once."""
    news_s: Mapping[Topic, float] = {}
    """Topics on demand -> when an answer last gave reason to ask again, monotonic."""
    changed_hashes: frozenset[str] = frozenset()
    """qBittorrent: torrents changed since their files were last asked for."""
    limited: bool = True
    """False in a snapshot: everything that is wanted is asked for at once, and only once."""


def questions(ref: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    """Return the questions to put to `ref` in this tick, the telling one first.

    The telling one is put at every tick, whatever else would tell the same: its failure alone is the service's.
    """
    rhythms = RHYTHMS[ref.kind]
    due = tuple(
        Question(topic=topic, background=rhythm.background)
        for topic, rhythm in rhythms.items()
        if _due(topic, rhythm, asked, moment)
    )
    put = {question.topic for question in due}
    covered = {topic for topic, teller in COVERED.get(ref.kind, {}).items() if teller in put}
    if moment.limited:
        covered -= {topic for topic in covered if rhythms[topic].telling}
    due = tuple(one for one in due if one.topic not in covered)
    return due + tuple(wish for wish in wishes(ref, interest, asked, moment) if wish not in due)


def wishes(ref: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    """Return the questions that something waits for, whatever the timers say."""
    queue = ref in interest.queue_wanted and _ready((Topic.QUEUE, ""), asked, moment, QUEUE_PAUSE_S)
    wanted = _WANTED.get(ref.kind)
    own = wanted(ref, interest, asked, moment) if wanted is not None else ()
    return (*((Question(topic=Topic.QUEUE),) if queue else ()), *own)


def _due(topic: Topic, rhythm: Rhythm, asked: Mapping[Key, float], moment: Moment) -> bool:
    last = asked.get((topic, ""))
    if last is None or topic in moment.stirred:
        return True
    if not moment.limited:
        return False
    every = rhythm.active_s if moment.moving else rhythm.idle_s
    if every is None:
        return False
    return moment.mono_s - last >= every * 0.9  # ticks come a little late, never early: do not slip a whole tick


def _ready(key: Key, asked: Mapping[Key, float], moment: Moment, pause_s: float = RETRY_S) -> bool:
    last = asked.get(key)
    return last is None or (moment.limited and moment.mono_s - last >= pause_s)


def _first(wanted: Iterable[Question], asked: Mapping[Key, float], limit: int, moment: Moment) -> tuple[Question, ...]:
    """Return at most `limit` questions, those that waited longest first."""
    ordered = sorted(wanted, key=lambda question: asked.get((question.topic, question.key), float("-inf")))
    return tuple(ordered[: limit if moment.limited else UNLIMITED])


def _arr(ref: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    entries = interest.movies if ref.kind is Kind.RADARR else interest.series
    items = [
        Question(topic=Topic.ITEM, key=str(entry.id), ids=(entry.id,), with_files=True)
        for entry in entries
        if entry.ref == ref
        and (entry.not_before is None or moment.now >= entry.not_before)
        and _ready((Topic.ITEM, str(entry.id)), asked, moment)
    ]
    history = [
        Question(topic=Topic.ITEM_HISTORY, key=str(entry.id), ids=(entry.id,))
        for entry in interest.history
        if entry.ref == ref and _ready((Topic.ITEM_HISTORY, str(entry.id)), asked, moment, 300.0)
    ]
    return (
        *_first(items, asked, ITEMS_PER_TICK, moment),
        *_first(history, asked, ITEMS_PER_TICK, moment),
        *_sought(ref, interest, asked, moment),
        *_standing(ref, interest, asked, moment),
    )


def _standing(ref: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    """Look whether what is waited for still exists: somebody may have deleted it, and no event would say so (H3)."""
    if not moment.limited:
        return ()  # the whole list is part of a snapshot
    ours = [entry for entry in interest.standing if entry.ref == ref]
    pause_s = max(60.0, len(ours) * 60.0 / STANDING_PER_MINUTE)
    due = [
        Question(topic=Topic.STANDING, key=str(entry.id), ids=(entry.id,))
        for entry in ours
        if (entry.not_before is None or moment.now >= entry.not_before)
        and _ready((Topic.STANDING, str(entry.id)), asked, moment, pause_s)
    ]
    return _first(due, asked, STANDING_PER_TICK, moment)


def _sought(ref: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    """Look for what Seerr approved and the server does not list: Radarr by id, Sonarr (which cannot) in its list."""
    wanted = [one for one in interest.sought if one.ref == ref]
    if not wanted:
        return ()
    if ref.kind is Kind.SONARR:
        again = _ready((Topic.LIBRARY, ""), asked, moment, SOUGHT_PAUSE_S)
        return (Question(topic=Topic.LIBRARY, background=True),) if again else ()
    ids = dict.fromkeys(one.tmdb_id for one in wanted if one.tmdb_id is not None)
    films = [Question(topic=Topic.SOUGHT, key=str(number), ids=(number,)) for number in ids]
    ready = [film for film in films if _ready((Topic.SOUGHT, film.key), asked, moment, SOUGHT_PAUSE_S)]
    return _first(ready, asked, ITEMS_PER_TICK, moment)


def _qbittorrent(
    ref: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment
) -> tuple[Question, ...]:
    hashes = [
        wanted.hash
        for wanted in interest.torrent_files
        if wanted.ref == ref and (wanted.hash in moment.changed_hashes or (Topic.FILES, wanted.hash) not in asked)
    ]
    if not hashes:
        return ()
    hashes.sort(key=lambda known: asked.get((Topic.FILES, known), float("-inf")))
    return (Question(topic=Topic.FILES, keys=tuple(hashes[: FILES_PER_TICK if moment.limited else UNLIMITED])),)


def _shoko(_: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    series = [
        Question(topic=Topic.SERIES, key=str(number), ids=(number,))
        for number in interest.shoko_series
        if _ready((Topic.SERIES, str(number)), asked, moment, 300.0)
    ]
    late = [wanted for wanted in interest.shoko_renamed if moment.now >= wanted.not_before]
    renamed = [
        Question(topic=Topic.PARTS, key=str(number), ids=(number,))
        for number in dict.fromkeys(number for wanted in late for number in wanted.series)
        if number not in interest.shoko_parts and _ready((Topic.PARTS, str(number)), asked, moment, RENAMED_AGAIN_S)
    ]
    kin = [
        Question(topic=Topic.KIN, key=wanted.title, sought=wanted)
        for wanted in late
        if _ready((Topic.KIN, wanted.title), asked, moment, RENAMED_AGAIN_S)
    ]
    parts = [
        Question(topic=Topic.PARTS, key=str(number), ids=(number,))
        for number in interest.shoko_parts
        if _ready((Topic.PARTS, str(number)), asked, moment, 300.0)
    ]
    return (
        *_lookups(interest, asked, moment),
        *_jobs(interest, asked, moment),
        *_first(series, asked, ITEMS_PER_TICK, moment),
        *_first(parts, asked, ITEMS_PER_TICK, moment),
        *_first(renamed, asked, RENAMED_PER_TICK, moment),
        *_first(kin, asked, RENAMED_PER_TICK, moment),
    )


def _jobs(interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    """Ask what the queue holds for files that wait, the more rarely the longer it is: the answer grows with it."""
    since = interest.shoko_jobs
    if since is None or (moment.now - since).total_seconds() < JOBS_AFTER_S:
        return ()
    pause_s = JOBS_AGAIN_S if interest.shoko_backlog <= JOBS_FEW else JOBS_AGAIN_S * 5
    return (Question(topic=Topic.JOBS),) if _ready((Topic.JOBS, ""), asked, moment, pause_s) else ()


def _lookups(interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    """Return one question per directory with several waiting files, and one for all other files of the tick."""
    placed = {wanted.path: wanted.shoko_place for wanted in interest.shoko_files}
    crowds = Counter(place for place in placed.values() if place is not None)
    crowded = {place for place, size in crowds.items() if size >= LISTED_FROM}
    groups: dict[tuple[int, str] | str, list[FileWanted]] = {}
    for wanted in interest.shoko_files:
        key = wanted.shoko_place if wanted.shoko_place in crowded else None
        groups.setdefault(wanted.path if key is None else key, []).append(wanted)
    least_s = len(groups) * 60.0 / LOOKUPS_PER_MINUTE
    due = {
        key: files
        for key, files in groups.items()
        if any(
            _ready((Topic.LOOKUP, one.path), asked, moment, max(_pace(one, asked, moment), least_s)) for one in files
        )
    }
    oldest = sorted(due, key=lambda key: min(asked.get((Topic.LOOKUP, one.path), float("-inf")) for one in due[key]))
    chosen = oldest[: LOOKUPS_PER_TICK if moment.limited else UNLIMITED]
    listings = [
        Question(topic=Topic.LOOKUP, key=f"{key[0]}:{key[1]}", place=key, paths=_paths(due[key]))
        for key in chosen
        if not isinstance(key, str)
    ]
    alone = _paths([wanted for key in chosen if isinstance(key, str) for wanted in due[key]])
    return (*((Question(topic=Topic.LOOKUP, paths=alone),) if alone else ()), *listings)


def _paths(files: Iterable[FileWanted]) -> tuple[tuple[str, int | None], ...]:
    return tuple(dict.fromkeys((one.path, one.size_bytes) for one in files))


def _pace(wanted: FileWanted, asked: Mapping[Key, float], moment: Moment) -> float:
    """Return the pause between look-ups of one file: matching takes minutes, and then it is a matter of hours.

    Shoko learns about a file by a job: while its queue has not changed since the last look-up there is little to learn.
    """
    age_s = (moment.now - wanted.late_since).total_seconds() if wanted.late_since is not None else 0.0
    stage = 0 if age_s < 600 else 1 if age_s < 3600 else 2
    last = asked.get((Topic.LOOKUP, wanted.path), float("-inf"))
    moved = moment.news_s.get(Topic.LOOKUP, float("-inf")) > last
    return (6.0, 15.0, 60.0)[stage] if moved else (30.0, 60.0, 120.0)[stage]


def _jellyfin(ref: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    stirred_s = moment.news_s.get(Topic.EPISODES, float("-inf"))
    episodes = [
        Question(topic=Topic.EPISODES, key=item, keys=(item,))
        for item in interest.jellyfin_series
        if stirred_s > asked.get((Topic.EPISODES, item), float("inf"))
        or _ready((Topic.EPISODES, item), asked, moment, 15.0)
    ]
    probes = [
        Question(topic=Topic.PROBE, key=wanted.item_ids[0], keys=wanted.item_ids)
        for wanted in interest.jellyfin_items
        if wanted.ref == ref
        and wanted.item_ids
        and (wanted.not_before is None or moment.now >= wanted.not_before)
        and _ready((Topic.PROBE, wanted.item_ids[0]), asked, moment, SELDOM_S if wanted.seldom else RETRY_S)
    ]
    sources = [
        Question(topic=Topic.SOURCES, key=item, keys=(item,))
        for item in interest.jellyfin_sources
        if _ready((Topic.SOURCES, item), asked, moment, 60.0)
    ]
    looks = [
        look
        for wanted in interest.looks
        if wanted.ref == ref
        and _look_due(
            look := Question(
                topic=Topic.LOOK, key=f"{wanted.kind}:{wanted.path}", keys=(wanted.path,), look=wanted.kind
            ),
            asked,
            moment,
        )
    ]
    return (
        *_first(looks, asked, LOOKS_PER_TICK, moment),
        *_first(episodes, asked, ITEMS_PER_TICK, moment),
        *_first(probes, asked, ITEMS_PER_TICK, moment),
        *_first(sources, asked, ITEMS_PER_TICK, moment),
    )


def _look_due(look: Question, asked: Mapping[Key, float], moment: Moment) -> bool:
    if look.look is None:
        return False
    key = (look.topic, look.key)
    told_again = moment.news_s.get(Topic.LOOK, float("-inf")) > asked.get(key, float("inf"))
    return told_again or _ready(key, asked, moment, LOOK_AGAIN_S[look.look])


def _seerr(ref: InstanceRef, interest: Interest, asked: Mapping[Key, float], moment: Moment) -> tuple[Question, ...]:
    titles = [
        Question(
            topic=Topic.TITLE,
            key=f"{'movie' if wanted.is_movie else 'tv'}/{wanted.tmdb_id}",
            ids=(wanted.tmdb_id,),
            is_movie=wanted.is_movie,
            background=True,
        )
        for wanted in interest.titles
        if wanted.ref == ref
    ]
    ready = [title for title in titles if _ready((Topic.TITLE, title.key), asked, moment, 300.0)]
    gone = [
        Question(topic=Topic.REQUEST, key=str(wanted.id), ids=(wanted.id,))
        for wanted in interest.requests
        if wanted.ref == ref
        and moment.now >= wanted.not_before
        and _ready((Topic.REQUEST, str(wanted.id)), asked, moment)
    ]
    return (*_first(ready, asked, TITLES_PER_TICK, moment), *_first(gone, asked, ITEMS_PER_TICK, moment))


_WANTED = {
    Kind.SONARR: _arr,
    Kind.RADARR: _arr,
    Kind.QBITTORRENT: _qbittorrent,
    Kind.SHOKO: _shoko,
    Kind.JELLYFIN: _jellyfin,
    Kind.SEERR: _seerr,
}
"""Kind -> what is asked on demand; a kind that only has rhythms stands not here."""
