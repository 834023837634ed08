"""`python -m nvserver` is the command `nvserver`."""

import sys

from nvserver.cli import main

if __name__ == "__main__":
    sys.exit(main())
