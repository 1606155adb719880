"""`python -m tracker_tui` is the same as `tracker-tui`."""

import sys

from tracker_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
