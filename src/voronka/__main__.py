"""`python -m voronka`: the same as the command `voronka`."""

import sys

from voronka.cli import main

if __name__ == "__main__":
    sys.exit(main())
