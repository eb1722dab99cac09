"""`python -m tests.cluster up|down|status|build`: see README.md beside this."""

import argparse
import sys

from tests.cluster import build, commands
from tests.cluster.versions import PROXY_MODES, ClusterError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    commands_ = parser.add_subparsers(dest="command", required=True)
    for name, what in {
        "up": "start a cluster and print the path of its kubeconfig",
        "down": "end it and remove all that is left of it",
        "status": "say whether it runs; exit code 0 if it does, 1 if not",
        "build": "fill the cache and print its folder",
        "supervise": argparse.SUPPRESS,
    }.items():
        command = commands_.add_parser(name, help=what)
        if name == "build":
            continue
        command.add_argument("--name", default="main", help="several can run side by side")
        if name in ("up", "supervise"):
            command.add_argument(
                "--api-only", action="store_true", help="no nodes: needs no root, three seconds"
            )
            command.add_argument("--proxy-mode", choices=PROXY_MODES, default=PROXY_MODES[0])
            command.add_argument("--port", type=int, help="the API server's, with --api-only")
            command.add_argument("--owner", type=int, help="a process to go down with")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; the exit code is 0, 1 (status: not running), 2 (usage) or 3."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except ClusterError as error:
        sys.stderr.write(f"cluster: {error}\n")
        return 3
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    if options.command == "build":
        sys.stdout.write(f"{build.build()}\n")
    elif options.command == "down":
        commands.down(options.name)
    elif options.command == "supervise":
        from tests.cluster.supervisor import supervise

        return supervise(
            options.name,
            api_only=options.api_only,
            proxy_mode=options.proxy_mode,
            port=options.port,
            owner=options.owner,
        )
    else:
        if options.command == "up":
            cluster = commands.up(
                options.name,
                api_only=options.api_only,
                proxy_mode=options.proxy_mode,
                port=options.port,
                owner=options.owner,
            )
        else:
            found = commands.status(options.name)
            if found is None:
                sys.stderr.write(f"cluster: {options.name} is not running\n")
                return 1
            cluster = found
        sys.stdout.write(f"{cluster.kubeconfig}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
