"""What each word of the values means and where it ends: made from the models, the builders and the hub's own Python."""
