"""The hub: its Python, its classes and traits, and the settings that contradict them."""
