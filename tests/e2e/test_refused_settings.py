"""Command lines, settings and targets that cannot work: what godwit says, and that its advice does.
"""

import pytest

from harness.terminal import Terminal

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

GOOD = """\
-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY);
-- migrate:down
DROP TABLE users;
"""
FIRST, SECOND, THIRD = (f"2024010100000{n}" for n in range(3))


@pytest.fixture
def one(project):
    """A project with one good migration."""
    project.migration(f"{FIRST}_users", GOOD)
    return project


# The command line

def test_unknown_command(one, golden):
    golden(one, "pln", code=2).follow()


def test_unknown_option(one, golden):
    golden(one, "up", "--atomc", code=2).follow()


def test_option_without_value(one, golden):
    golden(one, "up", "--to", code=2).follow()


def test_down_with_two_goals(one, golden):
    one.run("up", code=0)
    golden(one, "down", "--to", "0", "--batch", code=2).follow()


def test_steps_that_are_no_number(one, golden):
    golden(one, "down", "--steps", "all", code=2).follow()


def test_mark_without_a_direction(one, golden):
    golden(one, "mark", FIRST, code=2).follow()


def test_wait_lock_that_is_no_duration(one, golden):
    golden(one, "up", "--wait-lock", "long", code=2).follow()


def test_unknown_version(one, golden):
    golden(one, "up", "--to", FIRST.replace("2024", "2042"), code=2).follow()


def test_down_to_a_version_that_is_not_applied(one, golden):
    one.migration(f"{SECOND}_more", GOOD.replace("users", "more"))
    one.run("up", "--to", FIRST, code=0)
    golden(one, "down", "--to", SECOND, "--yes", code=2).follow()


def test_there_is_no_project(make_project, golden, database):
    project = make_project()
    golden(project, "status", code=2)
    project.run("init", database.url, code=0)
    project.run("up", code=0)


def test_json_errors_have_the_same_parts(one, golden):
    result = one.run("up", "--to", "9", "--json", code=2)
    golden.check(result, one)
    error = result.json()["error"]
    assert error["code"] == "GW0216"
    assert error["next"] == "godwit status" and error["state"] == "nothing was changed"


# godwit.yaml and the environment

def settings_case(project, golden, more=None, text=None, code=2, args=("up",)):
    if text is None:
        project.configure(more)
    else:
        project.write("godwit.yaml", text).chmod(0o600)
    golden(project, *args, code=code).follow(edit=project.configure, then=["up"])


def test_unknown_key(one, golden):
    settings_case(one, golden, "patiense: 5m")


def test_unknown_key_at_the_top(one, golden, database):
    settings_case(one, golden, text=f"project: test\ntarget:\n  dev: {{url: '{database.url}'}}\n")


def test_wrong_type(one, golden):
    settings_case(one, golden, "protected: maybe")


def test_wrong_duration(one, golden):
    settings_case(one, golden, "stall: fast")


def test_wrong_word(one, golden):
    settings_case(one, golden, "order: sometimes")


def test_broken_yaml(one, golden):
    settings_case(one, golden, text="project: test\ntargets:\n  dev: {url: 'sqlite:x.db'\n")


def test_tabs_in_yaml(one, golden):
    settings_case(one, golden, text="project: test\ntargets:\n\tdev:\n\t\turl: sqlite:x.db\n")


def test_the_same_key_twice(one, golden):
    settings_case(one, golden, "stall: 1ms\nstall: 2ms")


def test_unset_environment_variable(one, golden):
    settings_case(one, golden, text="targets:\n  dev:\n    url: ${SHOP_DATABASE_URL}\n")


def test_no_target(one, golden):
    one.write("godwit.yaml", "project: test\n")
    golden(one, "up", code=2)
    one.configure()
    one.run("up", code=0)


def test_unknown_target(one, golden):
    golden(one, "up", "--target", "deev", code=2).follow()


def test_no_migrations_folder(project, golden):
    golden(project, "up", code=2).follow()
    project.run("up", code=0)


def test_configuration_that_is_not_there(one, golden):
    golden(one, "up", "--config", "other.yaml", code=2)


def test_unknown_scheme(one, golden):
    settings_case(one, golden, text="targets:\n  dev:\n    url: oracle://app@db/shop\n")


def test_misspelt_scheme(one, golden):
    settings_case(one, golden, text="targets:\n  dev:\n    url: postgress://app@db/shop\n")


@pytest.mark.parametrize("url, library, package", [
    ("postgres://app@db/shop", "libpq.so.5", "libpq5"),
    ("dbname=shop", "libpq.so.5", "libpq5"),
    ("mariadb://app@db/shop", "libmariadb.so.3", "libmariadb3"),
])
def test_client_library_that_cannot_be_opened(one, url, library, package):
    one.write(f"libraries/{library}", "no library")
    env = {"LD_LIBRARY_PATH": str(one.folder / "libraries")}
    refusal = one.run("up", "--url", url, env=env, code=3)
    assert "error[GW0308]: " in refusal.stderr and f" needs {library}: " in refusal.stderr
    assert f"apt install {package}" in refusal.stderr
    assert f"next:  install that library, then: godwit up --url {url}" in refusal.stderr
    one.run("up", env=env, code=0)  # SQLite does not need it


def test_port_that_is_no_number(one, golden):
    settings_case(one, golden, text="targets:\n  dev:\n    url: postgres://app@db:fivefour/shop\n")


def test_phases_that_stop_need_the_word_contract(one, golden):
    settings_case(one, golden, "phases: stopped")


# Who may write where

def test_protected_target_without_confirmation(one, golden, database):
    one.configure("protected: true")
    golden(one, "up", code=3)  # the file is not there, and a protected target's is not made
    assert not database.path.exists()
    database.sql("CREATE TABLE app (id integer)")
    golden(one, "up", code=9).follow()
    assert database.tables() == ["app", "users"]


def test_protected_target_with_another_name(one, golden, database):
    one.configure("protected: true")
    database.sql("CREATE TABLE app (id integer)")
    golden(one, "up", "--confirm", "prod", code=9).follow()


def test_protected_target_does_not_take_yes(one, golden, database):
    one.configure("protected: true")
    database.sql("CREATE TABLE app (id integer)")
    golden(one, "up", "--yes", code=9).follow()


def test_protected_target_asks_for_its_name_at_a_terminal(one, database):
    one.configure("protected: true")
    database.sql("CREATE TABLE app (id integer)")
    with Terminal(one, "up") as terminal:
        terminal.expect("Type dev to go on:")
        terminal.type("yes\n")
        assert terminal.finish() == 9
    assert database.tables() == ["app"]
    with Terminal(one, "up") as terminal:
        terminal.expect("Type dev to go on:")
        terminal.type("dev\n")
        assert terminal.finish() == 0
    assert database.tables() == ["app", "users"]


def test_down_without_anybody_to_ask(one, golden, database):
    one.run("up", code=0)
    golden(one, "down", code=9).follow()
    assert database.tables() == []


def test_another_environment(one, golden):
    one.configure("environment: production")
    one.run("up", code=0)
    one.configure("environment: staging")
    refusal = golden(one, "up", code=9)
    refusal.follow()
    one.configure("environment: production")
    one.run("up", code=0)


def test_seeds_do_not_go_to_a_protected_target(one, golden, database):
    database.sql("CREATE TABLE app (id integer)")
    one.configure("protected: true")
    one.write("seeds/users.sql", "INSERT INTO users VALUES (1);\n")
    refusal = golden(one, "seed", code=9)
    assert refusal.code == "GW0907"
    refusal.follow()


def test_what_the_target_requires(one, golden):
    one.configure("require: [down, verify]")
    golden(one, "up", code=9).follow(edit=lambda: one.migration(
        f"{FIRST}_users", GOOD.replace("-- migrate:down", "-- migrate:verify\n"
                                       "SELECT id FROM users;\n-- migrate:down")))


def test_an_approved_plan_is_required(one, golden):
    one.configure("require: [plan]")
    refusal = golden(one, "up", code=9)
    assert "godwit plan -o" in refusal.next
    one.run("plan", "-o", "release.plan", code=0)
    one.run("up", "--plan", "release.plan", code=0)


def test_strict_order(one, golden):
    one.configure("order: strict")
    one.migration(f"{THIRD}_more", GOOD.replace("users", "more"))
    one.run("up", code=0)
    late = one.migration(f"{SECOND}_late", GOOD.replace("users", "late"))
    refusal = golden(one, "up", code=9)
    refusal.follow(edit=lambda: late.rename(late.with_name("20240101000009_late.sql")))
