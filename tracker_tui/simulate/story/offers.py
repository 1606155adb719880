"""What the indexers offer in the demo's story, with the reasons for which Sonarr and Radarr refuse it.

The reasons are those of Sonarr's and Radarr's decision engine, in its words.
"""

from collections.abc import Mapping

from tracker_tui.simulate.arr.records import Release as Offer
from tracker_tui.simulate.arr.wire import INDEXERS
from tracker_tui.simulate.household.titles import Release, Wanted
from tracker_tui.simulate.story import titles as its

MIB = 1 << 20
NO_SEEDERS = "Not enough seeders: 0. Minimum seeders: 1"
NOT_ENGLISH = "Custom Formats Language: Not Original have score -10000 below Series profile minimum 0"
UNKNOWN = "Unknown Series"
_NYAA, _RARE = INDEXERS


def _not_wanted(quality: str) -> str:
    return f"{quality} is not wanted in profile"


def _season(words: str, quality: str, size: int, seeders: int, *reasons: str, indexer: int = _RARE) -> Offer:
    if "1080p" not in quality:
        reasons = (_not_wanted(quality), *reasons)
    if not seeders:
        reasons = (*reasons, NO_SEEDERS)
    return Offer(f"Glass.Gardens.S01.{words}", size * MIB, seeders, reasons, quality, indexer)


def _same(release: Release, seeders: int, *reasons: str) -> Offer:
    return Offer(release.name, release.size, seeders, reasons, release.quality)


_TOO_LARGE = "47.1 GB is larger than maximum allowed 43.9 GB (for 10x 45min)"

OFFERS: Mapping[Wanted, tuple[Offer, ...]] = {
    its.GLASS_GARDENS: (
        _season("1080p.WEB-DL.DDP5.1.H.264-HALYARD", "WEBDL-1080p", 14_210, 0),
        _season("480p.WEB-DL.x264-LANTERN", "WEBDL-480p", 3_110, 9),
        _season("DSR.XviD-RELIQUARY", "SDTV", 3_480, 2),
        _season("SDTV.x264-RELIQUARY", "SDTV", 2_930, 0),
        _season("480p.WEB-DL.x264-ORBIT", "WEBDL-480p", 3_290, 0),
        _season("1080p.BluRay.x264-RELIQUARY", "Bluray-1080p", 48_230, 4, _TOO_LARGE),
        _season("FRENCH.1080p.WEB-DL.H.264-ARDOISE", "WEBDL-1080p", 13_870, 21, NOT_ENGLISH),
        _season("FRENCH.480p.WEB-DL.x264-ARDOISE", "WEBDL-480p", 3_020, 6, NOT_ENGLISH),
        Offer("Garden.of.Glass.S01.1080p.WEB-DL.H.264-HALYARD", 12_400 * MIB, 13, (UNKNOWN,), "WEBDL-1080p", _NYAA),
        Offer("Glass.Garden.2006.S01.1080p.WEB.H264-LANTERN", 9_730 * MIB, 5, (UNKNOWN,), "WEBDL-1080p", _NYAA),
    ),
    its.LONG_ORBIT: (
        _same(its.LONG_ORBIT_3, 212, "Release is blocklisted"),
        _same(its.LONG_ORBIT_3_AGAIN, 38),
    ),
    its.HARBOR_LIGHTS: (_same(its.HARBOR_LIGHTS_RELEASE, 27),),
}
