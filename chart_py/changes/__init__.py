"""What would be done to a cluster, as data: changes, the plan that holds them, and its text. Pure: nothing is asked."""
