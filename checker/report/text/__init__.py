"""Results as text for a terminal. Each function gives lines; the caller prints them."""
