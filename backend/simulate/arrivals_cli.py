"""`shangmen arrivals calibrate`: do eight of ten arrival ranges hold on days nothing was learned from?"""

import argparse

Subparsers = argparse._SubParsersAction  # argparse has no public name for what add_subparsers returns

LEAST_HIT, MOST_HIT = 0.76, 0.84


def register(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("arrivals")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    calibrate = actions.add_parser("calibrate", help="learn on simulated days and judge on others")
    calibrate.add_argument(
        "--days", type=_count, default=60, help="two thirds to learn from, the rest to judge"
    )
    calibrate.add_argument("--technicians", type=_count, default=12)
    calibrate.add_argument("--seed", type=int, default=1, help="the same seed plays the same days")
    calibrate.set_defaults(run=run)


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return count


def run(arguments: argparse.Namespace) -> int:
    """Print the table; exit status 1 when not about eight of ten hold."""
    from backend.simulate.calibration import calibrate, described

    found = calibrate(arguments.days, arguments.technicians, arguments.seed)
    print(described(found))
    return 0 if LEAST_HIT <= found.overall.hit <= MOST_HIT else 1
