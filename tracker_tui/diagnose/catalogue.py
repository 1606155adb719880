"""All rules, in the order in which they are asked."""

from tracker_tui.diagnose.rule import CommonRule, Rule

RULES: tuple[Rule, ...] = ()
COMMON_RULES: tuple[CommonRule, ...] = ()
