"""File names as releases write them, with what they say; every show and group is invented.

`Name(path, season, numbers)`: `numbers` are the episode numbers in the name, season-relative or absolute. `day` = a
daily show's date, `kind` other than episode = never an ordinary episode.
"""

from dataclasses import dataclass
from datetime import date

from tracker_tui.reconcile.filenames import FileKind


@dataclass(frozen=True)
class Name:
    path: str
    season: int | None = None
    numbers: tuple[int, ...] = ()
    kind: FileKind = FileKind.EPISODE
    day: date | None = None
    part: int | None = None
    version: int = 1


def scene(path: str, season: int, *numbers: int, part: int | None = None, version: int = 1) -> Name:
    return Name(path, season, numbers, part=part, version=version)


def bare(path: str, *numbers: int, part: int | None = None, version: int = 1) -> Name:
    return Name(path, None, numbers, part=part, version=version)


def special(path: str, season: int | None = None, *numbers: int) -> Name:
    return Name(path, season, numbers, FileKind.SPECIAL)


def extra(path: str) -> Name:
    return Name(path, kind=FileKind.EXTRA)


def sample(path: str) -> Name:
    return Name(path, kind=FileKind.SAMPLE)


SCENE = (
    scene("Harbor.Watch.S01E05.1080p.WEB.h264-KITE.mkv", 1, 5),
    scene("Harbor.Watch.S01E05.720p.HDTV.x264-KITE.mkv", 1, 5),
    scene("harbor.watch.s01e05.internal.1080p.bluray.x264-kite.mkv", 1, 5),
    scene("Harbor.Watch.S10E22.2160p.AMZN.WEB-DL.DDP5.1.Atmos.HDR10.H.265-OAR.mkv", 10, 22),
    scene("Harbor.Watch.2019.S02E03.1080p.NF.WEB-DL.DD+5.1.x264-OAR.mkv", 2, 3),
    scene("Harbor.Watch.US.S01E01.Pilot.1080p.BluRay.DTS-HD.MA.5.1.AVC.REMUX-OAR.mkv", 1, 1),
    scene("Quiet.Orbit.S03E11.The.Twelve.Moons.1080p.WEB.H264-KITE.mkv", 3, 11),
    scene("Quiet.Orbit.S03E12.PROPER.720p.WEB.h264-KITE.mkv", 3, 12),
    scene("Quiet.Orbit.S03E13.REPACK.1080p.10bit.WEB-DL.6CH.x265.HEVC-OAR.mkv", 3, 13),
    scene("Quiet Orbit - S03E04 - Seven of Nine [WEBDL-1080p][EAC3 5.1][h264]-OAR.mkv", 3, 4),
    scene("Quiet Orbit (2021) - S03E04 - 2 Minutes to 12 [Bluray-1080p][8bit][AVC]-OAR.mkv", 3, 4),
    scene("quiet.orbit.3x04.hdtv.xvid-kite.avi", 3, 4),
    scene("Quiet Orbit 3x04 - The Long Way.mkv", 3, 4),
    scene("Quiet Orbit - [3x04] - The Long Way.mkv", 3, 4),
    scene("Quiet Orbit Season 3 Episode 4 1080p.mp4", 3, 4),
    scene("Quiet.Orbit.Season.3.Episode.04.WEB.mp4", 3, 4),
    scene("Quiet Orbit S3 E4.mkv", 3, 4),
    scene("Quiet Orbit S03.E04.1080p.mkv", 3, 4),
    scene("Quiet_Orbit_S03_E04_720p.mkv", 3, 4),
    scene("Quiet Orbit S03EP04.mkv", 3, 4),
    scene("Quiet Orbit S03 Ep04 (1920x1080 x264 AAC).mkv", 3, 4),
    scene("S03E04.mkv", 3, 4),
    scene("S03E04 - The Long Way.mkv", 3, 4),
    scene("s3e4.mkv", 3, 4),
    scene("The.Lantern.Office.S2019E07.1080p.WEB.mkv", 2019, 7),
    scene("Lantern.Office.S01E100.1080p.WEB.H264-OAR.mkv", 1, 100),
    scene("Lantern.Office.S01E1001.1080p.WEB.H264-OAR.mkv", 1, 1001),
    scene("2.Broken.Anchors.S04E09.1080p.WEB-DL.AAC2.0.H.264-OAR.mkv", 4, 9),
    scene("9-1-7.S02E06.1080p.AMZN.WEB-DL.DDP5.1.H.264-OAR.mkv", 2, 6),
    scene("1889.S01E08.1080p.NF.WEB-DL.DDP5.1.Atmos.DV.HDR.HEVC-OAR.mkv", 1, 8),
    scene("24.Minutes.S05E24.720p.HDTV.X264-KITE.mkv", 5, 24),
    scene("The.1000.S01E02.1080p.WEB.h264-KITE.mkv", 1, 2),
    scene("Night.Ferry.S01E05.GERMAN.DL.1080p.WEB.x264-OAR.mkv", 1, 5),
    scene("Night.Ferry.S01E05.MULTi.1080p.WEB.x264-OAR.mkv", 1, 5),
    scene("www.harbour-site.example - Night Ferry S01E05 1080p.mkv", 1, 5),
    scene("[harbour-site.example] Night.Ferry.S01E05.1080p.mkv", 1, 5),
    scene("Night.Ferry.S01E05-KITE/ntfrry.s01e05.1080p-kite.mkv", 1, 5),
    scene("Night.Ferry.S01.1080p.BluRay.x264-OAR/Night.Ferry.S01E05.1080p.BluRay.x264-OAR.mkv", 1, 5),
    scene("Night Ferry/Season 1/Night Ferry - S01E05.mkv", 1, 5),
    scene("Night.Ferry.Complete.S01-S03.1080p/Season 02/Night.Ferry.S02E05.mkv", 2, 5),
)

MULTI = (
    scene("Night.Ferry.S01E01E02.1080p.WEB.h264-KITE.mkv", 1, 1, 2),
    scene("Night.Ferry.S01E01-E02.1080p.WEB.h264-KITE.mkv", 1, 1, 2),
    scene("Night.Ferry.S01E01-02.1080p.WEB.h264-KITE.mkv", 1, 1, 2),
    scene("Night.Ferry.S01E01-E03.1080p.WEB.h264-KITE.mkv", 1, 1, 2, 3),
    scene("Night.Ferry.S01E01E02E03.1080p.WEB.h264-KITE.mkv", 1, 1, 2, 3),
    scene("Night.Ferry.S01E23.E24.1080p.WEB.h264-KITE.mkv", 1, 23, 24),
    scene("Night Ferry - S01E01+E02 - Setting Out.mkv", 1, 1, 2),
    scene("Night Ferry - S01E01 & E02 - Setting Out.mkv", 1, 1, 2),
    scene("Night Ferry - S01E01-S01E03 - Setting Out.mkv", 1, 1, 2, 3),
    scene("Night Ferry - s01e01 - s01e02.mkv", 1, 1, 2),
    scene("Night Ferry 1x01-02 Setting Out.mkv", 1, 1, 2),
    scene("Night Ferry 1x01-1x02 Setting Out.mkv", 1, 1, 2),
    scene("Night Ferry - 1x01x02.mkv", 1, 1, 2),
    bare("[Skiff] Kumo no Kissaten - 01-02 (1080p) [3F2A9C01].mkv", 1, 2),
    bare("[Skiff] Kumo no Kissaten - 01~03 [BD 1080p].mkv", 1, 2, 3),
    bare("[Skiff] Kumo no Kissaten - 01+02.mkv", 1, 2),
    bare("[Skiff][Kumo no Kissaten][01-02][1080p].mkv", 1, 2),
    bare("Kumo no Kissaten E01-E02.mkv", 1, 2),
    bare("Kumo no Kissaten Episode 11-12.mkv", 11, 12),
)

FANSUB = (
    bare("[Skiff] Kumo no Kissaten - 05 (1080p) [3F2A9C01].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - 05v2 (1080p) [3F2A9C01].mkv", 5, version=2),
    bare("[Skiff] Kumo no Kissaten - 05 v2 [1080p].mkv", 5, version=2),
    bare("[Skiff] Kumo no Kissaten - 05 [1080p][HEVC 10bit x265][AAC].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - 05 (BD 1920x1080 x264 FLAC 2.0) [12345678].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - 05 (BD 1080p Hi10P FLAC 5.1) [1234ABCD].mkv", 5),
    bare("[Skiff]_Kumo_no_Kissaten_-_05_[720p][1234ABCD].mkv", 5),
    bare("[Skiff]_Kumo_no_Kissaten_05_(720p)_[1234ABCD].mkv", 5),
    bare("[Skiff] Kumo no Kissaten 05 [720p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten 05.mkv", 5),
    bare("[Skiff] Kumo no Kissaten - 105 [720p].mkv", 105),
    bare("[Skiff] Kumo no Kissaten - 1071 [1080p].mkv", 1071),
    bare("[Skiff] Kumo no Kissaten - 0480 [1080p].mkv", 480),
    bare("[Skiff] Kumo no Kissaten (2011) - 148 [1080p].mkv", 148),
    bare("[Skiff] Kumo no Kissaten - 05 - The Rain Stops [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - 05 - 100 Cups of Tea [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - Episode 05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - Ep. 05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten EP05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten E05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - E05.mkv", 5),
    bare("[Skiff] Kumo no Kissaten #05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten [05][1080p][AVC 8bit].mkv", 5),
    bare("[Skiff][Kumo no Kissaten][05][1080p][HEVC_AAC].mp4", 5),
    bare("[Skiff&Punt][Kumo no Kissaten][05v2][GB][720P].mp4", 5, version=2),
    bare("[Skiff] Kumo no Kissaten [Ep 05] [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - 05 END [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten - 12 [END].mkv", 12),
    bare("[Skiff] Kumo no Kissaten - 12 Final (1080p).mkv", 12),
    bare("[Skiff-Raws] Kumo no Kissaten - 05 (AT-X 1280x720 x264 AAC).mp4", 5),
    bare("[Skiff-Raws] Kumo no Kissaten - 05 (CX 1440x1080 MPEG2 AAC).ts", 5),
    bare("Kumo no Kissaten - 05.mkv", 5),
    bare("Kumo.no.Kissaten.-.05.-.1080p.mkv", 5),
    bare("Kumo.no.Kissaten.05.1080p.WEB.x264-Skiff.mkv", 5),
    bare("Kumo.no.Kissaten.E05.1080p.WEB.x264-Skiff.mkv", 5),
    bare("Kumo no Kissaten 05 1080p Dual Audio x265.mkv", 5),
    bare("Kumo no Kissaten - 05 [60FPS][4K][AV1 Opus].mkv", 5),
    bare("Kumo no Kissaten - 05 (DVD 480p 23.976fps AC3 2ch).mkv", 5),
    bare("Kumo no Kissaten - 05 [CRF18][DDP2.0][2.1GB].mkv", 5),
    bare("[A1B2C3D4] Kumo no Kissaten - 05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten! - 05 ~Rainy Day~ [1080p].mkv", 5),
    bare("[Skiff] Kumo-chan no Kissaten (TV) - 05 [1080p].mkv", 5),
    bare("【Skiff】 Kumo no Kissaten - 05 【1080p】.mkv", 5),
    bare("05.mkv", 5),
    bare("5.mkv", 5),
    bare("005.mkv", 5),
    bare("05 - The Rain Stops.mkv", 5),
    bare("05. The Rain Stops.mkv", 5),
    bare("05 The Rain Stops.mkv", 5),
    bare("05v2.mkv", 5, version=2),
    bare("E05.mkv", 5),
    bare("Ep05.mkv", 5),
    bare("EP.05.mkv", 5),
    bare("Episode 5.mkv", 5),
    bare("Episode 05 - The Rain Stops.mkv", 5),
    bare("[05] The Rain Stops.mkv", 5),
    bare("[Skiff] Kumo no Kissaten (01-12) [BD 1080p]/[Skiff] Kumo no Kissaten - 05 [BD 1080p].mkv", 5),
    bare("Kumo no Kissaten [1080p]/05 [ABCDEF12].mkv", 5),
    bare("Kumo no Kissaten (2014)/Kumo no Kissaten 05.mkv", 5),
)

NUMBER_TITLES = (
    bare("[Skiff] 86 - 05 [1080p].mkv", 5),
    bare("[Skiff] 77 Lanterns - 05 [1080p].mkv", 5),
    bare("[Skiff] Sector 88 - 05 [1080p].mkv", 5),
    bare("[Skiff] Zone Wars 100 - 03 [1080p].mkv", 3),
    bare("[Skiff] Zone Wars 100 - 03v2 [1080p].mkv", 3, version=2),
    bare("[Skiff] 3-nin no Tabibito - 05 [1080p].mkv", 5),
    bare("[Skiff] 11 Swords - 11 [1080p].mkv", 11),
    bare("[Skiff] 9-tsuki no Lion - 05 [1080p].mkv", 5),
    bare("[Skiff] 22-7 - 05 [1080p].mkv", 5),
    bare("[Skiff] 22_7 - 05 [1080p].mkv", 5),
    bare("[Skiff] Code 404 - Not Found - 05 [1080p].mkv", 5),
    bare("[Skiff] Route 66 Diaries - 12 [1080p].mkv", 12),
    bare("[Skiff] Unit 0083 - 05 [1080p].mkv", 5),
    bare("[Skiff] 1-2-3 Go! - 05 [1080p].mkv", 5),
    bare("[Skiff] 100-nen no Natsu - 05 [1080p].mkv", 5),
    bare("[Skiff] No. 5 - 06 [1080p].mkv", 6),
    bare("[Skiff] Steins 0 - 07 [1080p].mkv", 7),
    bare("Sector 88 - 05.mkv", 5),
    bare("Sector_88_-_05_[DVD].mkv", 5),
    bare("Sector 88 Ep 05.mkv", 5),
    bare("Sector.88.E05.480p.mkv", 5),
    bare("[Skiff] Sector 88 [05][1080p].mkv", 5),
    bare("[Skiff] 2077 Nights - 05 [1080p].mkv", 5),
    bare("[Skiff] Tokyo 2020 - 05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten 2 - 05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten 2 05 [1080p].mkv", 5),
    scene("Zone.Wars.100.S02E03.1080p.WEB.h264-KITE.mkv", 2, 3),
    scene("[Skiff] 86 - S01E05 [1080p].mkv", 1, 5),
    scene("Sector 88 (2004) - S01E05 - Wing 4.mkv", 1, 5),
)

SEASON_IN_NAME = (
    scene("[Skiff] Kumo no Kissaten S2 - 05 [1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten S02 - 05v2 [1080p].mkv", 2, 5, version=2),
    scene("[Skiff] Kumo no Kissaten S2 05 [1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten S2 E05 [1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten S2 [05][1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten 2nd Season - 05 [1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten 3rd Season - 05 [1080p].mkv", 3, 5),
    scene("[Skiff] Kumo no Kissaten 4th Season - 05 [1080p].mkv", 4, 5),
    scene("[Skiff] Kumo-sama wa Nemuritai 3rd Season - 05 (1080p) [DEADBEEF].mkv", 3, 5),
    scene("[Skiff] Kumo no Kissaten Season 2 - 05 [1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten Second Season - 05 [1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten (Season 2) - 05 [1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten Season 2 Part 2 - 17 [1080p].mkv", 2, 17),
    scene("[Skiff][Kumo no Kissaten S2][05][1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten 2nd Season 05.mkv", 2, 5),
    scene("Kumo no Kissaten Staffel 2 Folge 5.mkv", 2, 5),
    scene("Kumo no Kissaten - Saison 2 Episode 05.mkv", 2, 5),
    scene("Kumo no Kissaten - Temporada 2 - 05.mkv", 2, 5),
    scene("[Skiff] Sector 88 S2 - 05 [1080p].mkv", 2, 5),
    bare("[Skiff] Kumo no Kissaten II - 05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten III - 05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten IV - 05 [1080p].mkv", 5),
    bare("[Skiff] Kumo no Kissaten Part 2 - 17 [1080p].mkv", 17),
    bare("[Skiff] Kumo no Kissaten Cour 2 - 17 [1080p].mkv", 17),
)

SEASON_IN_FOLDER = (
    scene("Kumo no Kissaten/Season 2/05.mkv", 2, 5),
    scene("Kumo no Kissaten/Season 02/Kumo no Kissaten - 05.mkv", 2, 5),
    scene("Kumo no Kissaten/S02/05 - The Rain Stops.mkv", 2, 5),
    scene("Kumo no Kissaten/S2/[Skiff] Kumo no Kissaten - 05 [1080p].mkv", 2, 5),
    scene("Kumo.no.Kissaten.S02.1080p.BluRay-Skiff/05.mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten S2 [BD 1080p]/[Skiff] Kumo no Kissaten - 05 [BD 1080p].mkv", 2, 5),
    scene("[Skiff] Kumo no Kissaten 2nd Season (1080p)/[Skiff] Kumo no Kissaten - 05.mkv", 2, 5),
    scene("Kumo no Kissaten Complete/2nd Season/E05.mkv", 2, 5),
    scene("Kumo no Kissaten/Staffel 2/Folge 05.mkv", 2, 5),
    scene("Kumo no Kissaten (Seasons 1-2 + OVA)/Season 2/Episode 05.mkv", 2, 5),
    scene("Kumo no Kissaten S01+S02 [1080p]/S01/05.mkv", 1, 5),
    scene("Kumo no Kissaten Season 1/Season 2/05.mkv", 2, 5),
    bare("Kumo no Kissaten S1-S3/Kumo no Kissaten - 25.mkv", 25),
    bare("Kumo no Kissaten (Seasons 1-3)/Kumo no Kissaten - 25.mkv", 25),
)

CJK = (
    bare("雲の喫茶店 第05話.mkv", 5),
    bare("雲の喫茶店 第05話「雨上がり」.mp4", 5),
    bare("雲の喫茶店 第5回 (1280x720 x264).mp4", 5),
    bare("雲の喫茶店 第１２話.mp4", 12),
    bare("雲の喫茶店 第十二話.mp4", 12),
    bare("雲の喫茶店 #05.mkv", 5),
    bare("雲の喫茶店 05話.mkv", 5),
    bare("[字幕舟] 云之咖啡店 第05集 [1080P].mp4", 5),
    bare("[字幕舟][云之咖啡店][05][简体][1080P][MP4].mp4", 5),
    bare("【字幕舟】【云之咖啡店】【05】【GB_JP】【720P】.mp4", 5),
    bare("[字幕舟][云之咖啡店][第05话][1080P].mp4", 5),
    bare("[字幕舟][云之咖啡店][第01-02话][1080P].mp4", 1, 2),
    scene("[字幕舟] 云之咖啡店 第2季 第05集 [1080P].mp4", 2, 5),
    scene("[字幕舟] 云之咖啡店 第二季 第05集 [1080P].mp4", 2, 5),
    scene("雲の喫茶店 第2期 第05話.mkv", 2, 5),
    scene("雲の喫茶店/第2期/05.mkv", 2, 5),
    scene("구름찻집.S01E05.1080p.WEB-DL.mkv", 1, 5),
    bare("구름찻집 5화 1080p.mkv", 5),
    bare("[Skiff] 雲の喫茶店 - 05 (BS11 1920x1080 HEVC AAC).mkv", 5),
)

DAILY = (
    Name("The.Lantern.Desk.2024.01.15.Guest.Name.720p.WEB.h264-KITE.mkv", day=date(2024, 1, 15)),
    Name("The.Lantern.Desk.2024.01.15.1080p.WEB.mkv", day=date(2024, 1, 15)),
    Name("The Lantern Desk - 2024-01-15 - Guest Name.mkv", day=date(2024, 1, 15)),
    Name("The Lantern Desk 2024 01 15 720p.mkv", day=date(2024, 1, 15)),
    Name("The Lantern Desk (2024-01-15).mp4", day=date(2024, 1, 15)),
    Name("The.Lantern.Desk.20240115.720p.mkv", day=date(2024, 1, 15)),
    Name("The.Lantern.Desk.15.01.2024.mkv", day=date(2024, 1, 15)),
    Name("2024-01-15 Lantern Desk.mkv", day=date(2024, 1, 15)),
)

SPECIALS = (
    special("Night.Ferry.S00E03.Behind.The.Lights.1080p.mkv", 0, 3),
    special("Night Ferry/Specials/Night Ferry - S00E01 - Unaired.mkv", 0, 1),
    special("Night Ferry/Season 00/01.mkv", 0, 1),
    special("[Skiff] Kumo no Kissaten - OVA [BD 1080p].mkv"),
    special("[Skiff] Kumo no Kissaten - OVA 2 [BD 1080p].mkv", None, 2),
    special("[Skiff] Kumo no Kissaten OVA - 02 [BD 1080p].mkv", None, 2),
    special("[Skiff] Kumo no Kissaten OAD1.mkv", None, 1),
    special("[Skiff] Kumo no Kissaten - SP1 [BD 1080p].mkv", None, 1),
    special("[Skiff] Kumo no Kissaten - SP02 [BD 1080p].mkv", None, 2),
    special("[Skiff] Kumo no Kissaten - Special 1 [BD 1080p].mkv", None, 1),
    special("[Skiff][Kumo no Kissaten][SP01][1080p].mkv", None, 1),
    special("[Skiff][Kumo no Kissaten][OVA][1080p].mkv"),
    special("[Skiff] Kumo no Kissaten - 06.5 [1080p].mkv"),
    special("[Skiff] Kumo no Kissaten - 13.5v2 [1080p].mkv"),
    special("[Skiff][Kumo no Kissaten][12.5][1080p].mkv"),
    special("Kumo no Kissaten/OVA/01.mkv", None, 1),
    special("Kumo no Kissaten/Specials/02 - Beach.mkv", 0, 2),
    special("Kumo no Kissaten/Movie/Kumo no Kissaten the Movie.mkv"),
    special("雲の喫茶店 OVA 第01話.mkv", None, 1),
)

EXTRAS = (
    extra("[Skiff] Kumo no Kissaten - NCOP [BD 1080p].mkv"),
    extra("[Skiff] Kumo no Kissaten - NCOP1 [BD 1080p].mkv"),
    extra("[Skiff] Kumo no Kissaten - NCOP01v2 [BD 1080p].mkv"),
    extra("[Skiff] Kumo no Kissaten - NCED2 [BD 1080p].mkv"),
    extra("[Skiff] Kumo no Kissaten - NCED EP05 [BD 1080p].mkv"),
    extra("[Skiff] Kumo no Kissaten - NC ED 02 [BD].mkv"),
    extra("[Skiff] Kumo no Kissaten - Creditless Opening 1.mkv"),
    extra("[Skiff] Kumo no Kissaten - Clean Ending.mkv"),
    extra("[Skiff] Kumo no Kissaten - OP1.mkv"),
    extra("[Skiff] Kumo no Kissaten - ED 02.mkv"),
    extra("[Skiff] Kumo no Kissaten - PV1 [BD].mkv"),
    extra("[Skiff] Kumo no Kissaten - PV 03.mkv"),
    extra("[Skiff] Kumo no Kissaten - CM 2.mkv"),
    extra("[Skiff] Kumo no Kissaten - Menu 1.mkv"),
    extra("[Skiff][Kumo no Kissaten][Menu01][1080p].mkv"),
    extra("[Skiff][Kumo no Kissaten][NCOP][1080p].mkv"),
    extra("[Skiff] Kumo no Kissaten - Preview 05.mkv"),
    extra("[Skiff] Kumo no Kissaten - Web Preview 01.mkv"),
    extra("[Skiff] Kumo no Kissaten - Trailer.mkv"),
    extra("Kumo no Kissaten/Extras/05.mkv"),
    extra("Kumo no Kissaten/Extras/Interview 2.mkv"),
    extra("Kumo no Kissaten/Bonus/NCED.mkv"),
    extra("Kumo no Kissaten/SPs/[Skiff][Kumo no Kissaten][CM03].mkv"),
    extra("Night Ferry/Featurettes/Making the Boat.mkv"),
    extra("Night Ferry/Season 1/Behind The Scenes/01.mkv"),
    extra("Night.Ferry.S01.EXTRAS.1080p-OAR/Deleted Scenes 1.mkv"),
    extra("Night.Ferry.S01E05-trailer.mkv"),
    extra("Kumo no Kissaten/Creditless/Kumo no Kissaten - ED1.mkv"),
    sample("Night.Ferry.S01E05.1080p.WEB.h264-KITE/Sample/night.ferry.s01e05-sample.mkv"),
    sample("Night.Ferry.S01E05.1080p.WEB.h264-KITE/sample-night.ferry.s01e05.mkv"),
    sample("Night.Ferry.S01E05.1080p.WEB.h264-KITE.sample.mkv"),
    sample("Sample/05.mkv"),
)

PARTS = (
    scene("Night.Ferry.S01E05.Part1.1080p.mkv", 1, 5, part=1),
    scene("Night.Ferry.S01E05.Part.2.1080p.mkv", 1, 5, part=2),
    scene("Night Ferry - S01E05 - pt1.mkv", 1, 5, part=1),
    scene("Night.Ferry.S01E05.CD2.avi", 1, 5, part=2),
    scene("Night.Ferry.S01E05a.mkv", 1, 5, part=1),
    scene("Night.Ferry.S01E05b.mkv", 1, 5, part=2),
    bare("[Skiff] Kumo no Kissaten - 05a [720p].mkv", 5, part=1),
    bare("[Skiff] Kumo no Kissaten - 05b [720p].mkv", 5, part=2),
    bare("[Skiff] Kumo no Kissaten - 05 Part 2 [720p].mkv", 5, part=2),
)

NOTHING = (
    Name("Kumo no Kissaten (2024) [1080p][x265][10bit][AAC 2.0].mkv"),
    Name("Kumo.no.Kissaten.2024.2160p.UHD.BluRay.x265.10bit.HDR.TrueHD.7.1.Atmos-OAR.mkv"),
    Name("[Skiff] Kumo no Kissaten (BD 1920x1080 x264 FLAC 5.1) [0A1B2C3D].mkv"),
    Name("The Rain Stops.mkv"),
    Name("Kumo no Kissaten.mkv"),
)

OTHER = (
    Name("Night.Ferry.S01E05.1080p.WEB.h264-KITE.nfo", kind=FileKind.OTHER),
    Name("Kumo no Kissaten/Subs/05.ass", kind=FileKind.OTHER),
    Name("Kumo no Kissaten/Scans/Cover 01.jpg", kind=FileKind.OTHER),
    Name("Kumo no Kissaten/OST/05 - Rain.flac", kind=FileKind.OTHER),
)

NAMES = (
    *SCENE, *MULTI, *FANSUB, *NUMBER_TITLES, *SEASON_IN_NAME, *SEASON_IN_FOLDER, *CJK, *DAILY, *SPECIALS, *EXTRAS,
    *PARTS, *NOTHING, *OTHER,
)  # fmt: skip
