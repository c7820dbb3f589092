"""The figures as Markdown."""

import os
import pathlib
import platform
import subprocess

from bench.measure import median, ratio

TITLES = {"rows": "a row each", "tables": "a table each"}


def seconds(value):
    if value < 0.001:
        return f"{value * 1e6:.0f} µs"
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def megabytes(kilobytes):
    return f"{kilobytes / 1024:.1f} MB" if kilobytes else "too short"


def walls(runs):
    return [one.wall for one in runs]


def held(good):
    return "held" if good else "**missed**"


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


class Page:
    """Collects lines, printing each as soon as it is known."""

    def __init__(self, options):
        self.options = options
        self.lines = []

    def say(self, line=""):
        self.lines.append(line)
        print(line, flush=True)

    def table(self, heads, rows):
        self.say("| " + " | ".join(heads) + " |")
        self.say("| --- |" + " ---: |" * (len(heads) - 1))
        for row in rows:
            self.say("| " + " | ".join(row) + " |")
        self.say()

    def head(self, program, peers):
        version = subprocess.run([program, "--version"], capture_output=True, text=True,
                                 check=True).stdout.strip()
        self.say(f"{version}; {os.cpu_count()} × {processor()}; Linux {platform.release()}; "
                 f"{self.options.rounds} interleaved rounds, medians.")
        said = [f"{name} {version}" for name, version in peers.versions().items()]
        self.say(f"Others: {', '.join(said) or 'none'}. "
                 f"Load of the machine when it began: {os.getloadavg()[0]:.1f}.")
        self.say()

    def start(self, took):
        self.say("### Starting")
        self.say()
        rows = [(name, seconds(median(walls(runs))), seconds(min(walls(runs))),
                 seconds(median([one.cpu for one in runs]))) for name, runs in took.items()]
        self.table(["", "median", "best", "CPU"], rows)
        for name, bar in [("SQLite alone", 0.005), ("all drivers", 0.010)]:
            value = median(walls(took[f"godwit --version, {name}"]))
            self.say(f"Bar, {name}: under {seconds(bar)}: {held(value < bar)}.")
        self.say()

    def race(self, entered):
        title = f"### {entered.database.version()}: {entered.count} migrations, "
        first = entered.contenders[0].name
        self.say(title + TITLES[entered.kind] + (", all in one transaction"
                                                 if "atomic" in first else ""))
        self.say()
        self.say(f"Durability, read back from inside: `{entered.settings[first]}`.")
        self.say()
        rows = []
        for one in entered.contenders:
            up, down = walls(entered.up[one.name]), walls(entered.down[one.name])
            guessed = " (one call each)" if one.down().times > 1 else ""
            rows.append((
                one.name, seconds(median(up)), seconds(median(up) / entered.count),
                f"{ratio(walls(entered.up[first]), up):.2f}", seconds(median(down)) + guessed,
                f"{ratio(walls(entered.down[first]), down):.2f}",
                seconds(median([run.cpu for run in entered.up[one.name]])),
                megabytes(max(run.kilobytes for run in
                              entered.up[one.name] + entered.down[one.name]))))
        self.table(["", "up", "each", "godwit ÷ this", "all down", "godwit ÷ this", "CPU of up",
                    "peak memory"], rows)

    def scale(self, database, took):
        self.say(f"### {database.version()}: time per migration, without starting")
        self.say()
        base = median(took[0])
        each = {count: (median(runs) - base) / count for count, runs in took.items() if count}
        self.table(["migrations", "each"], [(f"{count}", seconds(value))
                                            for count, value in each.items()])
        spread = max(each.values()) / min(each.values()) - 1
        self.say(f"Bar: within 25% of each other: {spread * 100:.0f}%: {held(spread <= 0.25)}.")
        self.say()

    def standing(self, database, count, took):
        self.say(f"### {database.version()}: looking, with {count} applied")
        self.say()
        rows = []
        for warm in (True, False):
            base = median(walls(took["connecting alone (wait)", warm]))
            for name in dict.fromkeys(name for name, _ in took):
                runs = took[name, warm]
                value = median(walls(runs))
                rows.append((f"{name}, {'warm' if warm else 'cold'}", seconds(value),
                             seconds(max(0, value - base)),
                             megabytes(max(one.kilobytes for one in runs))))
        self.table(["", "whole process", "beyond connecting", "peak memory"], rows)
        for warm, bar in ((True, 0.050), (False, 0.200)):
            base = median(walls(took["connecting alone (wait)", warm]))
            worst = max(median(walls(runs)) - base
                        for (_, hot), runs in took.items() if hot == warm)
            self.say(f"Bar, {'warm' if warm else 'cold'}: within {seconds(bar)} of connecting: "
                     f"{seconds(worst)}: {held(worst <= bar)}.")
        self.say()

    def finish(self):
        if self.options.output is not None:
            self.options.output.write_text("\n".join(self.lines) + "\n")
