"""Keeping: rows in a database and files in a media store."""
