"""`voronka bench NAME [--quick]`: run one of `benches/`, print its figures, last a line of JSON."""

import argparse
import json
import sys
from importlib import import_module

from voronka.cli import assets
from voronka.cli.console import say
from voronka.cli.tools import source_root
from voronka.cli.words import _


def main(arguments: list[str]) -> int:
    """Exit 0 only when the target holds."""
    root = source_root()
    names = sorted(file.stem for file in (root / "benches").glob("*.py") if file.stem not in ("__init__", "harness"))
    parser = argparse.ArgumentParser(prog="voronka bench")
    parser.add_argument("name", choices=names)
    parser.add_argument("--quick", action="store_true", help=_("within 50 seconds"))
    options = parser.parse_args(arguments)
    assets.ensure_built()
    sys.path.insert(0, str(root))
    result = import_module(f"benches.{options.name}").main(quick=options.quick)
    for line in result.lines():
        say(line)
    say(json.dumps(result.as_json(), ensure_ascii=False))
    return 0 if result.holds else 1
