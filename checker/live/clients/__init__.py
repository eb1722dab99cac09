"""Who connects to what: clients in pods, on nodes and outside, and the addresses that they dial."""
