"""Jellyfin items and Shoko files in short notation."""

from tracker_tui.model.jellyfin import JellyfinItem
from tracker_tui.model.shoko import EpisodeLink, SeriesLink, ShokoFile
from tracker_tui.model.text import SafeText

VFS = "/config/Shokofin/VFS/1-2-3/"


def text(value: object) -> SafeText | None:
    return SafeText(str(value)) if value is not None else None


def item(
    item_id: str,
    path: str | None,
    *,
    kind: str = "Episode",
    series: str | None = None,
    at: tuple[int, int] | tuple[int, int, int] | None = None,
    tvdb: int | None = None,
    tmdb: int | None = None,
    imdb: str | None = None,
    shoko_files: tuple[int, ...] = (),
    shoko_episode: int | None = None,
    sources: tuple[str, ...] | None = None,
) -> JellyfinItem:
    return JellyfinItem(
        id=item_id,
        type=SafeText(kind),
        path=text(path),
        location_type=SafeText("FileSystem" if path else "Virtual"),
        series_id=series,
        season=at[0] if at else None,
        number=at[1] if at else None,
        number_end=at[2] if at is not None and len(at) == 3 else None,
        tvdb_id=text(tvdb),
        tmdb_id=text(tmdb),
        imdb_id=text(imdb),
        shoko_file_ids=shoko_files,
        shoko_episode_id=shoko_episode,
        source_paths=tuple(map(SafeText, sources)) if sources is not None else None,
    )


def show(item_id: str, *, tvdb: int | None = None, tmdb: int | None = None) -> JellyfinItem:
    return item(item_id, f"/media/{item_id}", kind="Series", tvdb=tvdb, tmdb=tmdb)


def shoko(file_id: int, *episodes: int) -> ShokoFile:
    links = (SeriesLink(series_id=1, episodes=tuple(EpisodeLink(episode_id=one) for one in episodes)),)
    return ShokoFile(id=file_id, hashed=True, links=links)
