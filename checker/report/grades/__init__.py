"""A class's grades as JSON (`document`), CSV (`table`) and pages (`overview`, `feedback`).

Nothing in them says when or where they were made, so the same hand-ins give the same bytes.
"""
