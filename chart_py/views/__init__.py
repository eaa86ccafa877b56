"""Data to text, JSON, SARIF, GitHub annotations: whatever is shown is formatted here, and nowhere else."""
