"""The titles and releases of the demo's story. Ids are real where the title is; regular titles are invented."""

from datetime import UTC, datetime

from tracker_tui.simulate.household.titles import Anime, Film, Show, pack, single

MIB = 1 << 20

STATION_NINE = Show(
    "Station Nine",
    2025,
    900040,
    800040,
    40,
    4001,
    {1: 6, 2: 6},
    episode_names=(
        *("Arrivals", "The Long Shift", "Signal Loss", "Ballast", "Nobody's Cargo", "Night Watch"),
        *("New Orders", "The Quiet Deck", "Quarantine", "Bearings", "Dead Reckoning", "Landfall"),
    ),
)
STATION_NINE_PACK = pack(
    "Station.Nine.S01.1080p.WEB-DL.DDP5.1.H.264-ORBIT",
    "Station.Nine.S01E{}.1080p.WEB-DL.DDP5.1.H.264-ORBIT",
    6,
    9_019_431_322,
)
STATION_NINE_SINGLES = tuple(
    single(f"Station.Nine.S02E{number:02}.1080p.WEB-DL.DDP5.1.H.264-ORBIT", size * MIB)
    for number, size in enumerate((1420, 1388, 1467, 1401, 1399, 1712), 1)
)

LYCORIS_RECOIL = Show(
    "Lycoris Recoil",
    2022,
    414057,
    154494,
    23,
    739,
    {1: 13},
    anime=Anime(17097, "Lycoris Recoil", 12, 301),
    original_name="リコリス・リコイル",
    root="/data/anime/shows",
)
LYCORIS_PACK = pack(
    "[Vertex] Lycoris Recoil - S01 (BD 1080p HEVC FLAC) [Dual Audio]",
    "[Vertex] Lycoris Recoil - S01E{} (BD 1080p HEVC FLAC)",
    13,
    33_930_242_048,
    quality="Bluray-1080p",
    hash_="3f92992e2fbeb6ebb251304236bf5e0b600a91c3",
)

SNAFU = Show(
    "My Teen Romantic Comedy SNAFU",
    2013,
    268156,
    45997,
    24,
    801,
    {1: 13},
    anime=Anime(9310, "Yahari Ore no Seishun Lovecome wa Machigatte Iru.", 14, 401),
    original_name="やはり俺の青春ラブコメはまちがっている。",
    root="/data/anime/classics",
)
SNAFU_PACK = pack(
    "[Vertex] Yahari Ore no Seishun Lovecome - S01 (BD 1080p HEVC)",
    "[Vertex] Yahari Ore no Seishun Lovecome - S01E{} (BD 1080p HEVC)",
    13,
    24_360 * MIB,
    quality="Bluray-1080p",
)

GARDEN_OF_WORDS = Film(
    "The Garden of Words",
    2013,
    198375,
    62,
    anime=Anime(9541, "Kotonoha no Niwa", 29, 240, 623),
    original_name="言の葉の庭",
    root="/data/anime/movies",
)
GARDEN_RELEASE = single("[Lantern] Kotonoha no Niwa (BD 1080p HEVC)", 2_118 * MIB, quality="Bluray-1080p")

FIVE_CENTIMETERS = Film(
    "5 Centimeters per Second",
    2007,
    38142,
    61,
    anime=Anime(5250, "Byousoku 5 Centimeter", 28, 228, 611),
    original_name="秒速5センチメートル",
    root="/data/anime/movies",
)
FIVE_CENTIMETERS_RELEASE = single(
    "[Lantern] Byousoku 5 Centimeter (BD 1080p HEVC)", 3_406 * MIB, quality="Bluray-1080p"
)

PANCREAS = Film(
    "I Want to Eat Your Pancreas",
    2018,
    504253,
    70,
    anime=Anime(13150, "Kimi no Suizou o Tabetai", 33, 270, 650),
    original_name="君の膵臓をたべたい",
    root="/data/anime/movies",
)
PANCREAS_RELEASE = single("[YURI] Kimi no Suizou o Tabetai [BD 1080p x265 10bit]", 5_030 * MIB, quality="Bluray-1080p")

SUMMER_GHOST = Film(
    "Summer Ghost",
    2021,
    798544,
    64,
    anime=Anime(16208, "Summer Ghost", 10, 260, 640),
    original_name="サマーゴースト",
    root="/data/anime/movies",
)
SUMMER_GHOST_RELEASE = single("[Lantern] Summer Ghost (BD 1080p HEVC)", 1_544 * MIB, quality="Bluray-1080p")

LONG_ORBIT = Show(
    "The Long Orbit",
    2026,
    900041,
    800041,
    41,
    4101,
    {1: 12},
    first_air=datetime(2026, 1, 10, 15, 30, tzinfo=UTC),
    undated=1,
    episode_names=("Perigee", "Drift", "The Cold Side"),
)
LONG_ORBIT_1 = single("The.Long.Orbit.S01E01.1080p.WEB.H264-ORBIT", 1_402 * MIB)
LONG_ORBIT_2 = single("The.Long.Orbit.S01E02.1080p.WEB.H264-ORBIT", 1_377 * MIB)
LONG_ORBIT_3 = single("The.Long.Orbit.S01E03.1080p.WEB.H264-ORBIT", 1_391 * MIB)
LONG_ORBIT_3_AGAIN = single("The.Long.Orbit.S01E03.1080p.WEB.H264-HALYARD", 1_436 * MIB)

TIDEWATER = Show("Tidewater", 2024, 900042, 800042, 42, 4201, {1: 9}, skipped=frozenset({(1, 9)}))
TIDEWATER_PACK = pack(
    "Tidewater.S01.720p.HDTV.x264-ORBIT", "Tidewater.S01E{}.720p.HDTV.x264-ORBIT", 8, 5_900 * MIB, quality="HDTV-720p"
)
TIDEWATER_UPGRADE = single("Tidewater.S01E03.1080p.WEB-DL.H.264-HALYARD", 3_120 * MIB)
TIDEWATER_BY_HAND = single("Tidewater.S02E01.1080p.WEB-DL.H.264-HALYARD", 2_960 * MIB)
"""In no queue and no history."""

GLASS_GARDENS = Show("Glass Gardens", 2019, 900043, 800043, 43, 4301, {1: 10})

HARBOR_LIGHTS = Film("Harbor Lights", 2024, 700060, 60)
HARBOR_LIGHTS_RELEASE = single("Harbor.Lights.2024.1080p.WEB-DL.DDP5.1.H.264-HALYARD", 5_240 * MIB)

SALT_ROAD = Film("The Salt Road", 1987, 700065, 65)
SALT_ROAD_RELEASE = single("The.Salt.Road.1987.1080p.BluRay.x264-RELIQUARY", 7_800 * MIB, quality="Bluray-1080p")

PAPER_MOONS = Film("Paper Moons", 2025, 700066, 66)

TITLES = (
    *(STATION_NINE, LYCORIS_RECOIL, SNAFU, GARDEN_OF_WORDS, FIVE_CENTIMETERS, PANCREAS, SUMMER_GHOST),
    *(LONG_ORBIT, TIDEWATER, GLASS_GARDENS, HARBOR_LIGHTS, SALT_ROAD, PAPER_MOONS),
)
"""Everything that is asked for in the story."""
