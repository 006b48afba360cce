"""The sample lesson: its script, its voices, its pictures, and the recording made of them."""
