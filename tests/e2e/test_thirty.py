"""Thirty migrations of many kinds go up, down to zero, and up again, on the three databases."""

import collections

import pytest

from harness import thirty


@pytest.fixture
def thirty_project(project, database):
    thirty.prepare(database)
    thirty.write(project, database.kind)
    return project


@pytest.mark.timeout(300)
def test_thirty_migrations_go_up_down_to_zero_and_up(thirty_project, database):
    project, empty = thirty_project, thirty.state(database)

    project.run("up", code=0)
    full = thirty.state(database)
    assert thirty.effects(database) == thirty.expected_effects("up")

    project.run("down", "--to", "0", "--yes", code=0)
    assert thirty.state(database) == empty
    assert thirty.effects(database) == (
        thirty.expected_effects("up") + thirty.expected_effects("down"))

    project.run("up", code=0)
    assert thirty.state(database) == full
    counted = collections.Counter(thirty.effects(database))
    assert {times for (_, what), times in counted.items() if not what.startswith("down")} == {2}
    assert {times for (_, what), times in counted.items() if what.startswith("down")} == {1}


def shape(database):
    """Tables with how many rows each has. (Definitions differ in order once columns came back.)"""
    return {name: len(rows) for name, rows in thirty.state(database)[1].items()}


@pytest.mark.timeout(300)
def test_thirty_migrations_go_down_by_batch_steps_and_version(thirty_project, database):
    project, empty = thirty_project, thirty.state(database)
    shapes = {}
    for number in (7, 14, 21, 30):
        shapes[number] = shape(database)
        project.run("up", "--to", thirty.version(number), code=0)
    # Each `up` was a batch: going back by batches passes through the same shapes.
    for number in (30, 21):
        project.run("down", "--batch", "--yes", code=0)
        assert shape(database) == shapes[number]
    project.run("down", "--steps", "7", "--yes", code=0)
    assert shape(database) == shapes[14]
    project.run("down", "--to", thirty.version(1), "--yes", code=0)
    project.run("down", "--yes", code=0)
    assert thirty.state(database) == empty
    assert thirty.effects(database)[-1] == (thirty.version(1), "down")


def test_status_tells_how_far_it_went(thirty_project):
    thirty_project.run("up", "--to", thirty.version(12), code=0)
    counts = thirty_project.run("status", "--json", code=0).json()["counts"]
    assert (counts["applied"], counts["pending"]) == (12, 18)
    thirty_project.run("status", "--exit-code", code=1)
