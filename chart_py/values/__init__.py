"""The words of the chart: models, layers, checks."""
