"""What is to be written: each service as it stands in the file or was answered, and the edits that follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker_tui.config.editing import Edit, Value
from tracker_tui.config.secrets import Way
from tracker_tui.config.settings import Instance, Settings
from tracker_tui.model.ids import Kind
from tracker_tui.model.text import clean

LOGIN_KEYS = frozenset({"username", *(f"{base}{way}" for base in ("api_key", "password") for way in Way)})
_NAME_LIMIT = 40


@dataclass
class Planned:
    """One service."""

    instance: Instance
    index: int | None = None
    """Its place among its kind in the file; None: new."""
    known: bool = True
    """Whether it answered and took its login here and now."""
    changed: bool = False
    removed: bool = False
    named: bool = True
    """Whether the file gives its name."""
    about: str = ""
    """What is to be said of it in the overview."""
    values: dict[str, Value] = field(default_factory=dict)
    """Keys whose value the file cannot have from `instance` alone: none of them a default."""
    drops: frozenset[str] = frozenset()
    """Keys that hold no longer."""

    def answer(self, instance: Instance, *, login: bool, known: bool, about: str) -> None:
        """Take what was answered anew: its address and, where `login`, its key or login. What stays is not written."""
        before, now = values_of(self.instance), values_of(instance)
        self.values = {
            key: value for key, value in now.items() if (login if key in LOGIN_KEYS else before.get(key) != value)
        }
        self.drops = frozenset(set(before) - set(now) - LOGIN_KEYS) | (LOGIN_KEYS - set(now) if login else frozenset())
        self.instance, self.known, self.about, self.changed = instance, known, about, True


class Plan:
    """The services, in the order of the pipeline."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.all: list[Planned] = []
        if settings is None:
            return
        named = {(entry.table, entry.key) for entry in settings.entries if entry.origin != "default"}
        for kind in Kind:
            for index, one in enumerate(settings.of_kind(kind)):
                has_name = (f"{kind}[{index}]", "name") in named
                self.all.append(Planned(one, index, named=has_name, about="as it stands in the file"))

    @property
    def present(self) -> list[Planned]:
        """Return what will be configured."""
        kept = [one for one in self.all if not one.removed]
        return sorted(kept, key=lambda one: list(Kind).index(one.instance.kind))

    @property
    def settings(self) -> Settings:
        """Return the services as settings."""
        return Settings(instances=tuple(one.instance for one in self.present))

    def of_kind(self, kind: Kind) -> list[Planned]:
        """Return the services of one kind."""
        return [one for one in self.present if one.instance.kind is kind]

    def free_name(self, kind: Kind, wish: str | None = None) -> str:
        """Return a name that no other service of the kind has, near to what is wished."""
        taken = {one.instance.name.casefold() for one in self.of_kind(kind)}
        base = clean(" ".join((wish or kind.value).replace(":", " ").split()), _NAME_LIMIT - 3) or kind.value
        names = (base, *(f"{base}-{number}" for number in range(2, 100)))
        return next(name for name in names if name.casefold() not in taken)

    def edits(self) -> list[Edit]:
        """Return what has to be done to the file."""
        result: list[Edit] = []
        for one in self.all:
            kind = one.instance.kind
            several = len(self.of_kind(kind)) > 1
            if one.removed:
                result += [Edit(kind=kind, index=one.index, remove=True)] if one.index is not None else []
            elif one.index is None:
                name: dict[str, Value] = {"name": one.instance.name} if several or one.instance.name != kind else {}
                result.append(Edit(kind=kind, values={**name, **one.values}))
            elif one.changed or (several and not one.named):
                changed: dict[str, Value] = dict(one.values) if one.changed else {}
                if several and not one.named:
                    changed["name"] = one.instance.name
                drop = one.drops if one.changed else frozenset()
                result.append(Edit(kind=kind, index=one.index, values=changed, drop=drop))
        return result


def values_of(instance: Instance) -> dict[str, Value]:
    """Return the keys that describe an answered service in a file, its name left out."""
    values: dict[str, Value] = {"url": instance.url}
    if instance.username is not None:
        values["username"] = instance.username
    if instance.password is not None:
        values["password"] = instance.password.reveal()
    if instance.api_key is not None:
        values["api_key"] = instance.api_key.reveal()
    if instance.headers:
        values["headers"] = {key: text.reveal() for key, text in instance.headers.items()}
    if not instance.verify_tls:
        values["verify_tls"] = False
    if instance.ca_file is not None:
        values["ca_file"] = str(instance.ca_file)
    if instance.seerr_server_id is not None:
        values["seerr_server_id"] = instance.seerr_server_id
    return values


def overview(planned: Sequence[Planned]) -> Iterable[str]:
    """Return numbered lines."""
    names = ["" if one.instance.name == one.instance.kind else f"“{one.instance.name}”" for one in planned]
    kind = max((len(one.instance.kind.title) for one in planned), default=0)
    name = max(map(len, names), default=0)
    for number, (one, own) in enumerate(zip(planned, names, strict=True), 1):
        head = f"{one.instance.kind.title:<{kind}}  " + (f"{own:<{name}}  " if name else "")
        yield f"  {number}  {head}{one.instance.url}{f'  ({one.about})' if one.about else ''}"
