"""Web routes beside the pages: sign-in, media, JSON and health."""
