"""The pages, one function each."""
