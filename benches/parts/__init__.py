"""Parts of the measurements: a company to measure on, and load."""
