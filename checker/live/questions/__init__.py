"""What was predicted, put to the cluster, and what it answered."""
