"""The same questions, put to a real cluster; what it answers, in the network's own types.

This room observes: it applies, waits, connects and looks. Whether that is right, others judge.
Nothing else in the checker imports `kubernetes`.
"""
