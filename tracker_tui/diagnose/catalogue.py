"""All codes and all rules, in the order in which they are asked."""

from tracker_tui.diagnose import (
    approval,
    client,
    download,
    extras,
    filters,
    health,
    imports,
    jellyfin,
    matching,
    mounts,
    outcomes,
    plugin,
    search,
    services,
    shoko,
    shoko_work,
    stuck,
    vfs,
)
from tracker_tui.diagnose.rule import Code, CommonRule, Rule
from tracker_tui.model.states import Attention

INVENTORY_LATE = Code(
    name="INVENTORY_LATE",
    levels=(Attention.INFO,),
    means="A snapshot did not wait for the whole list of a service; what only the list knows is taken from memory.",
)
"""Said by the engine, which alone knows what a snapshot waited for."""

CONFIG_PERMISSIONS = Code(
    name="CONFIG_PERMISSIONS",
    levels=(Attention.WARN,),
    means="The configuration, or a file it names, holds keys or passwords, and others on this computer may read it.",
)
"""Said by the engine, from what was found when the configuration was read."""

AREAS: tuple[tuple[str, tuple[Code, ...]], ...] = (
    ("Requests and approval", approval.CODES),
    ("Searching", search.CODES),
    ("Downloading", (*download.CODES, *outcomes.CODES)),
    ("The download client as a whole", client.CODES),
    ("What Sonarr and Radarr complain about", health.CODES),
    ("Importing", imports.CODES),
    ("Jellyfin", jellyfin.CODES),
    ("Anime: Shoko", (*shoko.CODES, *shoko_work.CODES, *matching.CODES)),
    ("Anime: Shokofin", plugin.CODES),
    ("Anime: the virtual file system", (*vfs.CODES, *mounts.CODES, *filters.CODES)),
    ("Extras and strays", extras.CODES),
    ("Time alone", stuck.CODES),
    ("The services themselves", (*services.CODES, INVENTORY_LATE)),
    ("This program", (CONFIG_PERMISSIONS,)),
)
"""The codes by area, as they are documented."""

CODES: dict[str, Code] = {code.name: code for _, codes in AREAS for code in codes}

RULES: tuple[Rule, ...] = (
    *approval.RULES,
    *search.RULES,
    *download.RULES,
    *outcomes.RULES,
    *client.RULES,
    *imports.RULES,
    *jellyfin.RULES,
    *shoko.RULES,
    *shoko_work.RULES,
    *matching.RULES,
    *vfs.RULES,
    *extras.RULES,
)
COMMON_RULES: tuple[CommonRule, ...] = (
    *services.COMMON_RULES,
    *client.COMMON_RULES,
    *health.COMMON_RULES,
    *search.COMMON_RULES,
    *jellyfin.COMMON_RULES,
    *plugin.COMMON_RULES,
)
