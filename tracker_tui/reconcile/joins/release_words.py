"""The vocabulary of release names: season labels, words for extras and specials, and what is no episode number."""

import re

VIDEO = re.compile(r"mkv|mp4|m4v|avi|mov|wmv|webm|m?ts|m2ts|mpe?g|vob|og[mv]|flv|divx|rm(?:vb)?|asf|3gp|iso|strm")
ARCHIVE = re.compile(r"rar|r\d{2,3}|s\d{2}|zip|z\d{2}|7z|\d{3}")
"""Volumes of a packed scene release."""
ARCHIVE_PART = re.compile(r"\.part\d+$|\.(?:rar|zip|7z)$", re.IGNORECASE)
"""What tells volumes of one set apart besides the extension."""

_ALONE = r"(?<![^\W_])"
_DONE = r"(?![^\W_])"
"""Word borders at which an underscore separates, unlike \\b."""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_ALONE}(?:{pattern}){_DONE}", re.IGNORECASE | re.VERBOSE)


_QUALITY = r"""
      \d{3,4}\s?[x×]\s?\d{3,4}
    | (?:bd|web|dvd|hd|tv)?\s?-?\d{3,4}[pi]\d{0,3}
    | [48]k | u?hd | [xh][.\s]?26[456] | hevc | avc | av1 | vc-?1 | mpeg-?[24] | xvid | divx\d? | vp9
    | (?:8|10|12|16)[\s-]?bits? | hi10p? | hi444p? | ma10p | main\s?10 | yuv\d+p?\d*
    | (?:ddp?a?\+? | e-?ac-?3 | ac-?3 | q?aac | flac | opus | dts(?:-?(?:hd|x|es))?(?:[.\s-]?ma)? | true-?hd | l?pcm
       | mp3 | atmos | vorbis) (?:x\d)? (?:[.\s-]?[1-9][.\s][0-2])?
    | [1257][.\s][01](?:ch)? | \d(?:\.\d)?ch
    | \d{2,3}(?:\.\d+)?\s?fps | \d+(?:\.\d+)?\s?[gm]i?b | crf\s?\d+
    | blu-?ray | bd(?:rip|remux)? | web(?:[.\s-]?(?:dl|rip))? | hdtv | pdtv | dvd(?:rip)? | remux | hdr(?:10)?\+? | sdr
    | dv | dual[.\s-]?audio | multi(?:[.\s-]?subs?)? | proper | repack\d? | uncensored | batch
    """
NOISE = _words(_QUALITY)
"""Quality, codec, audio, source and size."""


_SEASON_WORD = r"(?:seasons?|series|staffel|saison|temporada|stagione|seizoen|シーズン|시즌)"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")

_SEASON_RANGE = _words(
    rf"""s\d{{1,2}}\s?[-~+&]\s?s\d{{1,2}} | seasons[.\s]?\d{{1,2}}\s?[-~+&]\s?\d{{1,2}}
    | {_SEASON_WORD}[.\s]?\d{{1,2}}[-~+&]\d{{1,2}}"""
)
_FOLDER_RANGE = _words(r"s\d{1,2}[-~]\d{1,2}")
"""In a file name `S2-05` is an episode."""
_SEASON = _words(
    rf"""
      s(\d{{1,2}})
    | {_SEASON_WORD}[.\s-]?(\d{{1,4}})
    | (\d{{1,2}})(?:st|nd|rd|th)[.\s]{_SEASON_WORD}
    | ({"|".join(_ORDINALS)})[.\s]season
    | 第?(\d{{1,2}})[季期]
    """
)


def season_label(text: str, *, folder: bool = False) -> tuple[int, int, int] | None:
    """Return the season that `text` names, and from where to where; None for none and for a range (`S01-S03`)."""
    if _SEASON_RANGE.search(text) or (folder and _FOLDER_RANGE.search(text)):
        return None
    found = _SEASON.search(text)
    if found is None:
        return None
    label = next(group for group in found.groups() if group)
    number = int(label) if label.isdecimal() else _ORDINALS.index(label.lower()) + 1
    return number, found.start(), found.end()


PART = _words(r"(?:part|pt|cd|cour)[.\s]?(\d{1,2})")
NO_NUMBER = _words(rf"{_QUALITY} | (?:vol(?:ume)?|dis[ck]|part|pt|cd|cour)[.\s]?\d{{1,2}}")
"""What is blanked before a bare number is looked for."""

_CLOSED = r"(?=\s*(?:$|[\[\](|]|-\s))"
"""Nothing follows in this field of the name."""

CREDITLESS = _words(
    r"nc[\s-]?(?:op|ed)(?:\s?\d+[a-z]?)?(?:v\d)? | (?:creditless|textless) | clean\s(?:opening|ending|op|ed)"
)
EXTRA_FIELD = re.compile(
    rf"{_ALONE}(?:pv|cm|menus?|trailers?|teasers?|previews?|promos?|interviews?|featurettes?|bloopers|logo|opening|ending"
    rf"|(?:deleted|bonus) scenes?|behind the scenes|making of|gag reel)(?:[\s-]?\d+(?:v\d)?)?{_CLOSED}",
    re.IGNORECASE,
)
THEME_SONG = re.compile(rf"{_ALONE}(?:OP|ED)\s?(?:\d{{1,2}}[a-z]?)?(?:v\d)?{_CLOSED}")
"""Upper case only: Ed is also a name."""

EXTRA_SUFFIX = re.compile(
    r"-(?:trailer|behindthescenes|deleted|featurette|interview|scene|short|extra|other|clip)\d*$", re.IGNORECASE
)
"""How media servers want extras beside an episode to be named."""

EXTRA_FOLDER = re.compile(
    r"extras?|bonus|featurettes?|behind the scenes|deleted scenes|interviews?|trailers?|menus?|pvs?|cms?"
    r"|special features|nc(?:ops?|eds?|s)?(?: ?[&+] ?nc(?:op|ed)s?)?"
    r"|creditless|theme songs?|previews?|shorts|clips|scenes|others?|.*\bs\d{1,2} extras\b.*",
    re.IGNORECASE,
)
OVA = re.compile(rf"{_ALONE}(?:OVA|OAD){_DONE}")
"""Upper case only: it is a word in other languages."""
SPECIAL_FIELD = re.compile(
    rf"{_ALONE}(?:ova|oad|sp(?=\s?\d)|specials?|recap|(?:the )?movie)(?:\s?-?\s?(\d{{1,2}}))?(?:v\d)?{_CLOSED}",
    re.IGNORECASE,
)
SPECIAL_FOLDER = re.compile(r"(?:ova|oad|sp|movie|film)s?\s?\d*", re.IGNORECASE)
SEASON_ZERO_FOLDER = re.compile(r"specials?|season 0+|s0+", re.IGNORECASE)
DISC_FOLDER = re.compile(r"bdmv|video_ts", re.IGNORECASE)
"""Below it, numbers are those of titles on a disc."""
SAMPLE = re.compile(r"^sample(?:[-.]|$)|(?:[-.]|\s-\s)sample$", re.IGNORECASE)
SAMPLE_FOLDER = re.compile(r"samples?|proof", re.IGNORECASE)
