"""Torrents made from nothing: a bencoder, and season packs as v1 or hybrid torrents with their data on disk."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BLOCK = 16 * 1024
PIECE = 64 * 1024

type Bencodable = int | bytes | str | Sequence[Bencodable] | Mapping[str, Bencodable] | Mapping[bytes, Bencodable]


@dataclass(frozen=True)
class Season:
    """A season pack: its torrent file, its ids, and the folder its root folder lies in."""

    name: str
    files: tuple[str, ...]
    torrent: bytes
    v1: str
    v2: str
    folder: Path

    @property
    def client_hash(self) -> str:
        """Return the id qBittorrent gives it: of a hybrid torrent the first 40 digits of v2."""
        return self.v2[:40] if self.v2 else self.v1


def bencode(value: Bencodable) -> bytes:
    """Return `value` in the torrent file's notation; keys sorted by their bytes."""
    match value:
        case int():
            return b"i%de" % value
        case bytes():
            return b"%d:%b" % (len(value), value)
        case str():
            return bencode(value.encode())
        case Mapping():
            pairs = {key.encode() if isinstance(key, str) else key: one for key, one in value.items()}
            return b"d%be" % b"".join(bencode(key) + bencode(pairs[key]) for key in sorted(pairs))
        case _:
            return b"l%be" % b"".join(bencode(one) for one in value)


def make_season(folder: Path, name: str, *, episodes: int = 13, size: int = 1 << 20, hybrid: bool = False) -> Season:
    """Write a season's files (about `size` bytes each) below `folder`/`name` and return its torrent."""
    chance = random.Random(name)
    contents = {
        f"{name.replace('S01', f'S01E{number:02}')}.mkv": chance.randbytes(size + chance.randrange(size // 4))
        for number in range(1, episodes + 1)
    }
    (folder / name).mkdir(parents=True)
    for file, content in contents.items():
        (folder / name / file).write_bytes(content)
    info: dict[str, Bencodable] = {"name": name, "piece length": PIECE, **_v1(contents, padded=hybrid)}
    layers: dict[bytes, Bencodable] = {}
    if hybrid:
        info |= {"meta version": 2, "file tree": _file_tree(contents, layers)}
    encoded = bencode(info)
    return Season(
        name=name,
        files=tuple(f"{name}/{file}" for file in contents),
        torrent=bencode({"info": info, **({"piece layers": layers} if hybrid else {})}),
        v1=hashlib.sha1(encoded, usedforsecurity=False).hexdigest(),
        v2=hashlib.sha256(encoded).hexdigest() if hybrid else "",
        folder=folder,
    )


def _v1(contents: dict[str, bytes], *, padded: bool) -> dict[str, Bencodable]:
    """Return the v1 part; a hybrid torrent pads each file but the last to a whole piece."""
    entries: list[Bencodable] = []
    stream = bytearray()
    for position, (file, content) in enumerate(contents.items(), 1):
        entries.append({"length": len(content), "path": [file]})
        stream += content
        gap = -len(content) % PIECE
        if padded and gap and position < len(contents):
            entries.append({"attr": "p", "length": gap, "path": [".pad", str(gap)]})
            stream += bytes(gap)
    pieces = [hashlib.sha1(stream[at : at + PIECE], usedforsecurity=False) for at in range(0, len(stream), PIECE)]
    return {"files": entries, "pieces": b"".join(piece.digest() for piece in pieces)}


def _file_tree(contents: dict[str, bytes], layers: dict[bytes, Bencodable]) -> dict[str, Bencodable]:
    tree: dict[str, Bencodable] = {}
    for file, content in contents.items():
        blocks = [hashlib.sha256(content[at : at + BLOCK]).digest() for at in range(0, len(content), BLOCK)]
        per_piece = PIECE // BLOCK
        pieces = [_root(blocks[at : at + per_piece], per_piece, bytes(32)) for at in range(0, len(blocks), per_piece)]
        width = 1 << (len(pieces) - 1).bit_length()
        root = _root(pieces, width, _root([], per_piece, bytes(32)))
        layers[root] = b"".join(pieces)
        tree[file] = {"": {"length": len(content), "pieces root": root}}
    return tree


def _root(leaves: list[bytes], width: int, filler: bytes) -> bytes:
    """Return the root of a hash tree over `leaves`, filled up to `width` (a power of two)."""
    level = leaves + [filler] * (width - len(leaves))
    while len(level) > 1:
        level = [hashlib.sha256(level[at] + level[at + 1]).digest() for at in range(0, len(level), 2)]
    return level[0]
