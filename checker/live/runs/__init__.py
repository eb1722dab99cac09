"""A run's objects: put into namespaces of its own, awaited, and taken away again."""
