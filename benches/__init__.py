"""Measurements. `voronka bench NAME [--quick]` runs `NAME.main(quick=…)`, which returns a `harness.Result`."""
