"""Fixtures of the whole project; the database of a run is made by `voronka.testing.database`."""

pytest_plugins = ["voronka.testing.plugin", "voronka.testing.browser"]
