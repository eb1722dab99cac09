"""The API server: which one is asked, and how."""
