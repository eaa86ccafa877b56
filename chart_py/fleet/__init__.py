"""Many hubs in one repository: where their files are read from, and which of them a change in it touches."""
