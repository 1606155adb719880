"""What reconcile must know of the configuration, without knowing configuration files."""

from tracker_tui.model.ids import InstanceRef, Kind
from tracker_tui.model.record import Fact
from tracker_tui.model.settings import AnimeHints, PathMap, RequestPolicy, Thresholds


class ConfiguredInstance(Fact):
    """One configured service, and Seerr's number for it where the configuration overrides it."""

    ref: InstanceRef
    seerr_server_id: int | None = None


class Setup(Fact):
    """The configured instances and the settings rules work with."""

    instances: tuple[ConfiguredInstance, ...]
    thresholds: Thresholds = Thresholds()
    policy: RequestPolicy = RequestPolicy()
    hints: AnimeHints = AnimeHints()
    path_maps: tuple[PathMap, ...] = ()

    def of(self, kind: Kind) -> tuple[InstanceRef, ...]:
        """Return the configured instances of `kind`, in the order of the configuration."""
        return tuple(instance.ref for instance in self.instances if instance.ref.kind is kind)

    def has(self, kind: Kind) -> bool:
        """Return whether an instance of `kind` is configured."""
        return any(instance.ref.kind is kind for instance in self.instances)

    def get(self, ref: InstanceRef) -> ConfiguredInstance | None:
        """Return the configured instance `ref` names, or None."""
        return next((instance for instance in self.instances if instance.ref == ref), None)
