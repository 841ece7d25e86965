"""``python -m dualcarbon``."""

from dualcarbon.cli import script

if __name__ == "__main__":
    script()
