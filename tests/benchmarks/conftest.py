"""Benchmarks run where they are asked for (`make bench`), never among the tests.

What they are made of is tested like everything else.
"""

ORDINARY = ("test_inputs.py", "test_measuring.py")


def pytest_ignore_collect(collection_path, config):
    if collection_path.suffix != ".py" or config.getoption("benchmark_only", default=False):
        return None
    return None if collection_path.name in ORDINARY else True
