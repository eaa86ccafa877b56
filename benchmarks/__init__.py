"""What `scripts/bench` measures: chart_py, each time against a floor that is measured in the same run."""
