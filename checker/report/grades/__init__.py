"""A class's grades as JSON (`document`), CSV (`table`) and pages (`overview`, `feedback`).

`learner` is what one learner's results are, `packed` makes little data of them.
Nothing says when or where it was made, so the same hand-ins give the same bytes.
"""
