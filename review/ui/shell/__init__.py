"""The script that Streamlit runs, in a folder of its own: beside it, `pages/` would be taken for pages of its own."""
