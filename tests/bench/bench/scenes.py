"""What is measured: each scene prepares, runs its rounds, and hands rows to the page."""

import dataclasses
import pathlib
import shutil
import subprocess
import time

from bench import migrations as forms
from bench.contenders import Dbmate, Godwit, GodwitAtomic, Knex
from bench.measure import Command, Failure, run

STARTS = 200
LOOKS = 20
FRESH = 2.5  # seconds: files that are younger are read again and not trusted


@dataclasses.dataclass
class Place:
    """What all scenes share."""

    program: pathlib.Path
    root: pathlib.Path
    home: pathlib.Path
    work: pathlib.Path
    options: object
    page: object

    def folder(self, *names):
        return self.work.joinpath(*map(str, names))


# How long the program takes to do nothing

def sqlite_only(place):
    """The program with SQLite alone, built as the other one was."""
    folder = place.home / "sqlite-only"
    if not (folder / "build.ninja").exists():
        subprocess.run(["meson", "setup", folder, place.root, "--buildtype=debugoptimized",
                        "-Dpostgres=disabled", "-Dmariadb=disabled"], check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", folder, "godwit"], check=True, stdout=subprocess.DEVNULL)
    return folder / "godwit"


def start(place, _databases, _make):
    """`--version`, beside a program that does nothing at all."""
    commands = {
        "/bin/true": ["/bin/true"],
        "godwit --version, SQLite alone": [sqlite_only(place), "--version"],
        "godwit --version, all drivers": [place.program, "--version"],
    }
    took = {name: [] for name in commands}
    for _ in range(20 if place.options.quick else STARTS):
        for name, argv in commands.items():
            took[name].append(run(Command(argv, place.work)))
    place.page.start(took)


# Applying and undoing many

def check_up(contender, kind, count):
    """Has everything been done?"""
    question = ("SELECT count(*) FROM things" if kind == "rows"
                else f"SELECT count(*) FROM t{count + 1}")
    expected = str(count) if kind == "rows" else "0"
    found = contender.database.value(question)
    if found != expected:
        raise Failure(f"{contender.name}: {question} says {found}, not {expected}")


def check_down(contender):
    if "things" in contender.database.tables():
        raise Failure(f"{contender.name} has not undone everything")


def whole(command):
    """Run a command; one that must be run many times is run some times, and the rest is thought."""
    if command.times == 1:
        return run(command)
    tries = min(Dbmate.DOWNS, command.times)
    each = [run(command) for _ in range(tries)]
    scale = command.times / tries
    return dataclasses.replace(each[0], wall=sum(one.wall for one in each) * scale,
                               cpu=sum(one.cpu for one in each) * scale,
                               kilobytes=max(one.kilobytes for one in each))


class Race:
    """Some contenders, one project, one kind of database."""

    def __init__(self, place, database, contenders, kind, count):
        self.database = database
        self.contenders = contenders
        self.kind = kind
        self.count = count
        self.up = {one.name: [] for one in contenders}
        self.down = {one.name: [] for one in contenders}
        self.settings = {}
        everything = forms.make(kind, count, database.durability)
        for one in contenders:
            folder = place.folder("projects", database.kind, kind, count, one.name)
            shutil.rmtree(folder, ignore_errors=True)
            one.prepare(folder, database.fresh(one.name), everything)

    def lap(self, number):
        """Everyone once, the first one last the next time."""
        first = number % len(self.contenders)
        for one in self.contenders[first:] + self.contenders[:first]:
            one.database = self.database.fresh(one.name)
            self.up[one.name].append(run(one.up()))
            check_up(one, self.kind, self.count)
            self.settings[one.name] = one.database.value("SELECT settings FROM durability")
            down = one.down()
            self.down[one.name].append(whole(down))
            if down.times == 1:
                check_down(one)

    def check_settings(self):
        if len(set(self.settings.values())) != 1:
            raise Failure(f"the durability settings differ: {self.settings}")


def race(place, database, contenders, kind, count):
    """Run all rounds of one race; contenders that fail are told and left out."""
    entered = Race(place, database, contenders, kind, count)
    for number in range(place.options.rounds):
        entered.lap(number)
    entered.check_settings()
    place.page.race(entered)
    for one in contenders:
        one.database = database.fresh(one.name)
        shutil.rmtree(one.folder)


def migrate(place, databases, make):
    for database in databases.values():
        for kind in place.options.kinds:
            for count in place.options.counts:
                race(place, database, make(database), kind, count)


def atomic(place, databases, make):
    """All in one transaction, as knex does on SQLite by itself."""
    if "sqlite" not in databases:
        return
    database = databases["sqlite"]
    knex = [one for one in make(database) if isinstance(one, Knex)]
    for count in place.options.counts:
        contenders = [GodwitAtomic(database, place.program), *knex]
        race(place, database, contenders, "rows", count)


# Does one more cost more, the more there are?

def scale(place, databases, _make):
    """Time per migration of projects of several sizes, without what starting costs."""
    counts = [0, 100, 1000] if place.options.quick else [0, 100, 1000, 10000]
    for database in databases.values():
        took = {count: [] for count in counts}
        runners = {}
        for count in counts:
            runner = Godwit(database, place.program)
            runner.name = f"godwit_{count}"
            folder = place.folder("scale", database.kind, count)
            runner.prepare(folder, database.fresh(runner.name),
                           forms.make("rows", count, database.durability))
            runners[count] = runner
        for _ in range(place.options.rounds):
            for count, runner in runners.items():
                for _ in range(5 if count <= 100 else 1):
                    runner.database = database.fresh(runner.name)
                    took[count].append(run(runner.up()).wall)
        for runner in runners.values():
            database.fresh(runner.name)
            shutil.rmtree(runner.folder)
        place.page.scale(database, took)


# What it costs to look

def forget(folder):
    shutil.rmtree(folder / ".cache", ignore_errors=True)


def standing(place, databases, _make):
    """`status` and an `up` with nothing to do, with many applied."""
    count = 1000 if place.options.quick else 10000
    for database in databases.values():
        runner = Godwit(database, place.program)
        folder = place.folder("standing", database.kind)
        runner.prepare(folder, database.fresh(runner.name),
                       forms.make("rows", count, database.durability))
        run(runner.up())
        time.sleep(FRESH)
        run(runner.do("status", "--quiet"))
        names = {"connecting alone (wait)": "wait", "status": "status", "up": "up"}
        took = {(name, warm): [] for name in names for warm in (True, False)}
        for _ in range(LOOKS):
            for (name, warm), runs in took.items():
                if not warm:
                    forget(folder)
                runs.append(run(runner.do(names[name], "--quiet")))
                if not warm:  # make the cache again
                    run(runner.do("status", "--quiet"))
        place.page.standing(database, count, took)
        database.fresh(runner.name)
        shutil.rmtree(folder)
