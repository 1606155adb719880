"""The check against simulated services: all well, and one fault after another, each with what to fix."""

import os
import re
from collections.abc import Callable

import pytest

from tests.headless.households import Shell
from tests.remedies.house import House
from tracker_tui.headless.check.command import report
from tracker_tui.headless.check.findings import Finding, Level
from tracker_tui.headless.check.versions import Standing, made_for, standing
from tracker_tui.headless.exit_codes import ATTENTION, NO_ANSWER, OK, PARTIAL, USAGE
from tracker_tui.simulate.faults import Fault
from tracker_tui.simulate.household.services import ANIME_SHOWS


def test_all_is_well(shell: Shell) -> None:
    assert shell.run("check") == OK, shell.out
    assert shell.out.endswith("\neverything is in order\n")
    for words in (
        r"ok    jellyfin     rights           an administrator's key; 5 libraries",
        r"ok    jellyfin     SignalR          connected",
        r"ok    jellyfin     mapping          Anime Shows: /media/anime/shows → Shoko folder 1",
        r"ok    sonarr       download client  qBittorrent \(QBittorrent\) at \S+:8080, category tv-sonarr",
        r"ok    shoko        key              accepted, an administrator's",
        r"ok    seerr        servers          sends to Sonarr",
        r"ok    qbittorrent  version          qBittorrent \S+ \(Web API [\d.]+\), known good",
    ):
        assert re.search(f"^{words}", shell.out, re.MULTILINE), words


@pytest.mark.parametrize("width", [40, 75, 76, 200])
def test_lines_are_broken_between_words_at_the_width_of_a_terminal(width: int) -> None:
    text = "Anime Classics maps to no Shoko folder (/media/anime/classics): it stays empty"
    fix = "Shokofin → Library settings → map it, restart Jellyfin, then refresh"
    finding = Finding(level=Level.WARN, subject="qbittorrent", topic="download client", text=text, fix=fix)
    wide, narrow = report([finding]), report([finding], width)
    assert max(map(len, narrow)) < width
    told = " ".join(" ".join(narrow).split())
    assert all(" ".join(one.split()) in told for one in (text, f"fix: {fix}", "1 warning"))
    assert (narrow == wide) == (width == 200)


def _wrong_key(house: House) -> None:
    house.home.radarr.api_key = "another"


def _wrong_password(house: House) -> None:
    house.home.qbittorrent.password = "another"


def _down(house: House) -> None:
    house.home.sonarr.fault = Fault.RESET


def _login_page(house: House) -> None:
    house.home.seerr.fault = Fault.HTML


def _starting(house: House) -> None:
    house.jellyfin.starting = True


def _clock(house: House) -> None:
    house.home.radarr.date_offset_s = 420


def _signalr(house: House) -> None:
    house.home.shokofin.signalr = "Disconnected"


def _unmapped(house: House) -> None:
    house.home.shokofin.break_mapping(house.home.libraries[ANIME_SHOWS])


def _no_mount(house: House) -> None:
    house.jellyfin.disk.remove("/media/anime/shows")


def _cannot_reach_shoko(house: House) -> None:
    house.home.shokofin.host_fault = 502


def _plugin_missing(house: House) -> None:
    house.home.shokofin.plugin_id = "0" * 31 + "1"


def _plugin_faulty(house: House) -> None:
    house.home.shokofin.version_text = "6.0.1.0"


def _plugin_of_another_jellyfin(house: House) -> None:
    house.home.shokofin.version_text = "5.0.2.0"


def _old_jellyfin(house: House) -> None:
    house.jellyfin.version_text = "10.7.7"


def _no_administrator(house: House) -> None:
    house.jellyfin.faults["/Library/VirtualFolders"] = Fault.STATUS_403


def _no_client(house: House) -> None:
    for client in house.home.sonarr.clients:
        client.enabled = False


def _no_category(house: House) -> None:
    house.home.radarr.clients[0].category = ""


def _health(house: House) -> None:
    house.home.sonarr.complain("IndexerStatusCheck", "error", "All indexers are unavailable due to failures")


def _root(change: dict[str, object]) -> Callable[[House], None]:
    def trouble(house: House) -> None:
        house.home.sonarr.spoil["/api/v3/rootfolder"] = lambda roots: [{**roots[0], **change}, *roots[1:]]  # type: ignore[index]

    return trouble


def _no_root(house: House) -> None:
    house.home.radarr.root_folders = []


def _root_unreadable(house: House) -> None:
    house.home.sonarr.faults["/api/v3/rootfolder"] = Fault.STATUS_500


def _mapping_of_another_host(house: House) -> None:
    house.home.sonarr.path_mappings = [
        {"id": 1, "host": "10.0.0.9", "remotePath": "/downloads/", "localPath": "/data/downloads/"}
    ]


def _ban(house: House) -> None:
    house.home.shoko.set_ban(udp=True)


def _limited_user(house: House) -> None:
    house.home.shoko.users["admin"].admin = False


def _offline_client(house: House) -> None:
    house.home.qbittorrent.connection = "disconnected"


@pytest.mark.parametrize(
    ("trouble", "code", "line", "fix"),
    [
        (_wrong_key, PARTIAL, "fail  radarr .* key .* the key was refused", "check `api_key`"),
        (_wrong_password, PARTIAL, "fail  qbittorrent .* login .* refused", "check `username` and `password`"),
        (_down, PARTIAL, "fail  sonarr .* reachable ", "check"),
        (_login_page, PARTIAL, "fail  seerr .* a web page came where data was due", "check `url`"),
        (_starting, PARTIAL, "fail  jellyfin .* is starting up", "check that Jellyfin runs"),
        (_clock, ATTENTION, "warn  radarr .* its clock is 7 min ahead of the other services", "NTP"),
        (_signalr, ATTENTION, "warn  jellyfin .* SignalR .* Disconnected", "enable auto-connect and Connect"),
        (_unmapped, ATTENTION, "warn  jellyfin .* mapping .* Anime Shows maps to no Shoko folder", "map it"),
        (_no_mount, ATTENTION, "warn  jellyfin .* /media/anime/shows does not exist for Jellyfin", "mount"),
        (_cannot_reach_shoko, ATTENTION, "fail  jellyfin .* Shokofin .* it cannot reach Shoko", "address and login"),
        (_plugin_missing, ATTENTION, "warn  jellyfin .* the plugin is not installed", "install the plugin"),
        (_plugin_faulty, ATTENTION, "warn  jellyfin .* Shokofin 6.0.1.0 misses new files", "6.0.2 or later"),
        (_plugin_of_another_jellyfin, ATTENTION, "warn  jellyfin .* is not made for Jellyfin 10.11.6", "fits"),
        (_old_jellyfin, ATTENTION, "warn  jellyfin .* 10.7.7 is older than what is known to work", "update it"),
        (_no_administrator, ATTENTION, "warn  jellyfin .* rights .* may not be read", "API Keys"),
        (_no_client, ATTENTION, "warn  sonarr .* none is enabled", "Settings → Download Clients"),
        (_no_category, ATTENTION, "warn  radarr .* has no category", "Category"),
        (_health, ATTENTION, "warn  sonarr .* IndexerStatusCheck: All indexers are unavailable", "System → Status"),
        (
            _root({"accessible": False, "freeSpace": None}),
            ATTENTION,
            "fail  sonarr .* root folder .* is not accessible to Sonarr",
            "check the mount",
        ),
        (_root({"freeSpace": 1 << 30}), ATTENTION, "warn  sonarr .* root folder .* has 1.0 GB free", "free some space"),
        (_no_root, ATTENTION, "warn  radarr .* root folder .* none is set up", "Media Management"),
        (_root_unreadable, ATTENTION, "warn  sonarr .* root folder .* could not be read", "see the log of Sonarr"),
        (
            _mapping_of_another_host,
            ATTENTION,
            "warn  sonarr .* path mapping .* no download client has the host 10.0.0.9",
            "client's own host",
        ),
        (_ban, ATTENTION, "warn  shoko .* AniDB .* bans this Shoko's address", "lifts within a day"),
        (_limited_user, ATTENTION, "warn  shoko .* its user is limited: not an admin", "administrator's key"),
        (_offline_client, ATTENTION, "warn  qbittorrent .* no connection to any peer", "VPN"),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_fault_is_a_line_with_a_fix(
    house: House, shell: Shell, trouble: Callable[[House], None], *, code: int, line: str, fix: str
) -> None:
    trouble(house)
    assert shell.run("check") == code, shell.out
    lines = shell.out.splitlines()
    found = [number for number, one in enumerate(lines) if re.search(f"^{line}", one)]
    assert len(found) == 1, shell.out
    below = lines[found[0] + 1].strip()
    assert below.startswith("fix: ")
    assert fix in below


def test_several_faults_at_once_are_each_a_line_with_its_own_fix(house: House, shell: Shell) -> None:
    """A rotated key, a plugin that has lost its connection, a client that Sonarr does not use, an unreadable queue."""
    for trouble in (_wrong_key, _signalr, _no_client):
        trouble(house)
    house.home.shoko.faults["/api/v3/Queue$"] = Fault.STATUS_500
    assert shell.run("check") == PARTIAL, "Radarr gave no answer"
    lines = shell.out.splitlines()
    troubled = [line for line in lines if re.match(r"(WARN|FAIL|warn|fail)\b", line)]
    assert len(troubled) == 4, shell.out
    for line, words in zip(
        sorted(troubled, key=lambda line: line.split()[1:3]),
        ("jellyfin     SignalR", "radarr       key", "shoko        queue", "sonarr       download client"),
        strict=True,
    ):
        assert words in line
        assert lines[lines.index(line) + 1].lstrip().startswith("fix: "), f"no fix for {line}"
    for service in ("seerr", "qbittorrent", "sonarr", "shoko", "jellyfin"):
        assert re.search(rf"^ok    {service} +reachable", shell.out, re.MULTILINE), "the rest is told all the same"


def test_root_folders_are_compared_with_what_shoko_and_jellyfin_look_at(house: House, shell: Shell) -> None:
    house.home.sonarr.root_folders = ["/data/tv", "/data/anime/new", "/data/documentaries"]
    assert shell.run("check") == OK, "a name that differs may be the same folder in another container"
    told = [line for line in shell.out.splitlines() if re.match(r"note  sonarr .* root folder ", line)]
    assert [re.sub(r".* root folder +", "", line) for line in told] == [
        "no library of Jellyfin has a folder that ends like /data/anime/new/",
        "no folder of Shoko ends like /data/anime/new/, which looks like anime",
        "no library of Jellyfin has a folder that ends like /data/documentaries/",
    ]


def test_nobody_answers(house: House, shell: Shell) -> None:
    for service in house.home.services.values():
        service.fault = Fault.RESET
    assert shell.run("check") == NO_ANSWER
    assert shell.out.endswith("6 failures\n")


def test_a_service_that_hangs_holds_nobody_up(house: House, shell: Shell) -> None:
    house.home.shoko.fault = Fault.HANG
    assert shell.run("check", "--timeout", "1") == PARTIAL
    assert re.search(r"^fail  shoko .* reachable .* no complete answer within 1 s", shell.out, re.MULTILINE)
    assert re.search(r"^ok    jellyfin .* mapping ", shell.out, re.MULTILINE)


def test_a_refused_login_is_not_tried_again(house: House, shell: Shell) -> None:
    """Five refusals ban the address, also for Sonarr and Radarr; a changed configuration may try once more."""
    _wrong_password(house)
    assert (shell.run("check"), _logins(house)) == (PARTIAL, 1)
    assert (shell.run("check"), _logins(house)) == (PARTIAL, 1)
    assert "fail  qbittorrent" in shell.out
    stat = shell.config.stat()
    os.utime(shell.config, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert (shell.run("check"), _logins(house)) == (PARTIAL, 2)


def _logins(house: House) -> int:
    return sum(call.path.endswith("auth/login") for call in house.home.qbittorrent.calls)


def test_a_clock_of_this_computer_is_said_once(shell: Shell) -> None:
    shell.run("check")
    assert len(re.findall(r"^note  here .* its clock is .* ahead of the services", shell.out, re.MULTILINE)) == 1


def test_nothing_but_reads_is_sent(house: House, shell: Shell) -> None:
    shell.run("check")
    assert house.posts() == []
    sent = {call.method for service in house.home.services.values() for call in service.calls}
    assert sent <= {"GET", "POST"}
    posts = {call.path for service in house.home.services.values() for call in service.calls if call.method == "POST"}
    assert {path.rpartition("/")[2] for path in posts} <= {"login", "logout", "version", "webapiVersion", "maindata"}
    assert house.home.shoko.effects == []


def test_no_secret_is_printed(house: House, shell: Shell) -> None:
    shell.run("check")
    secrets = [house.jellyfin.api_key, house.home.sonarr.api_key, house.home.qbittorrent.password]
    secrets += [*house.home.shokofin.secrets.values(), *house.home.shoko.keys]
    assert not [one for one in secrets if one in shell.out + shell.err]


def test_without_a_service_there_is_nothing_to_check(shell: Shell) -> None:
    shell.config.write_text("[ui]\n")
    assert shell.run("check") == USAGE
    assert "no service is configured" in shell.err


@pytest.mark.parametrize(
    ("service", "version", "told"),
    [
        ("jellyfin", "10.8.13", Standing.GOOD),
        ("jellyfin", "12.1.0", Standing.GOOD),
        ("jellyfin", "13.0.0", Standing.NEWER),
        ("jellyfin", "10.7.7", Standing.OLDER),
        ("sonarr", "3.0.9.1549", Standing.OLDER),
        ("sonarr", "5.0.0.1", Standing.GOOD),
        ("qbittorrent", "2.16.2", Standing.GOOD),
        ("qbittorrent", "2.17", Standing.NEWER),
        ("shoko", "6.0.0-dev.425", Standing.GOOD),
        ("Jellyseerr", "2.7.3", Standing.GOOD),
        ("seerr", "develop-1a2b3c", Standing.UNREADABLE),
        ("seerr", None, Standing.UNREADABLE),
    ],
)
def test_how_a_release_stands(service: str, version: str | None, told: Standing) -> None:
    assert standing(service, version) is told


@pytest.mark.parametrize(
    ("plugin", "server", "fits"),
    [
        ("4.2.1.0", "10.9.11", True),
        ("5.0.2.0", "10.10.7", True),
        ("5.0.6.0", "10.11.6", True),
        ("5.0.6.0", "10.10.7", False),
        ("6.0.2.0", "10.10.7", True),
        ("6.0.2.0", "12.1.0", False),
        ("7.0.0.0", "12.1.0", None),
        ("6.0.2.0", "10.8.13", None),
        (None, "10.11.6", None),
    ],
)
def test_which_plugin_fits_which_jellyfin(plugin: str | None, server: str, fits: bool | None) -> None:
    assert made_for(plugin, server) is fits
