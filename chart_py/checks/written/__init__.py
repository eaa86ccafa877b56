"""What is in a file at all: placeholders, empty keys, and the codes of what is found while it is read."""
