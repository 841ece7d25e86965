"""``python -m dualcarbon``."""

import sys

from dualcarbon.cli import main

if __name__ == "__main__":
    sys.exit(main())
