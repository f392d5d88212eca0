"""The readable report of a scenario: the steps, what came of them, what differs."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_report(path: Path, result: dict[str, Any]) -> None:
    """Print one file's result; colours only where the terminal has them."""
    console = Console(highlight=False, soft_wrap=True)
    verdict = Text("✔ 通过", "bold green") if result["ok"] else Text("✘ 不符", "bold red")
    console.print(Text.assemble(verdict, "  ", (path.name, "bold"), "  ", result["name"]))
    for mismatch in result["mismatches"]:
        console.print(Text(f"    {mismatch}", "red"))
    outcome = result["outcome"]
    if outcome["bills"]:
        console.print(_bills(outcome["bills"]))
    refused = [
        f"{number}: {', '.join(step['refused'])}"
        for number, step in enumerate(outcome["steps"], start=1)
        if "refused" in step
    ]
    if refused:
        console.print(Text(f"    refused steps  {'; '.join(refused)}", "dim"))


def _bills(bills: dict[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 4), header_style="dim")
    table.add_column("account")
    table.add_column("month")
    for heading in ("total", "paid", "due"):
        table.add_column(heading, justify="right")
    table.add_column("lines")
    for account, months in bills.items():
        for month, bill in months.items():
            lines = ", ".join(f"{name} {amount}" for name, amount in bill["lines"].items())
            table.add_row(account, month, bill["total"], bill["paid"], bill["due"], lines)
    return table
