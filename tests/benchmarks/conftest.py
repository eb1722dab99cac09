"""Benchmarks run where they are asked for (`make bench`), never among the tests."""


def pytest_ignore_collect(collection_path, config):
    if collection_path.suffix == ".py" and not config.getoption("benchmark_only", default=False):
        return True
    return None
