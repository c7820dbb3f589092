"""Projects that share a database never see each other, even when their versions are equal."""

import pytest

FIRST, SECOND = "20240101000000", "20240101000001"


def table(name):
    return f"-- migrate:up\nCREATE TABLE {name} (id integer PRIMARY KEY);\n" \
           f"-- migrate:down\nDROP TABLE {name};\n"


def make(make_project, database, name, url=None):
    project = make_project(database)
    project.write("godwit.yaml", f"project: {name}\ntargets:\n  dev:\n"
                  f"    url: '{url or database.url}'\n").chmod(0o600)
    return project


def states(project):
    return [row["state"] for row in project.run("status", "--json", code=0).json()["migrations"]]


def test_two_projects_with_equal_versions(make_project, database):
    shop = make(make_project, database, "shop")
    blog = make(make_project, database, "blog")
    for project, names in [(shop, ["goods", "prices"]), (blog, ["posts", "notes"])]:
        for version, name in zip([FIRST, SECOND], names):
            project.migration(f"{version}_{name}", table(name))
    shop.run("up", code=0)
    assert states(blog) == ["pending", "pending"]
    blog.run("up", "--to", FIRST, code=0)
    assert database.tables() == ["goods", "posts", "prices"]
    assert states(shop) == ["applied", "applied"]
    # Neither undoes, marks, repairs or reports what is the other's.
    shop.run("down", "--yes", code=0)
    assert database.tables() == ["goods", "posts"]
    blog.run("mark", SECOND, "--applied", "--yes", code=0)
    assert states(shop) == ["applied", "pending"]
    assert states(blog) == ["applied", "applied"]
    blog.run("mark", SECOND, "--pending", "--yes", code=0)
    blog.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == ["goods"]
    assert states(shop) == ["applied", "pending"]
    assert {event["version"] for event in shop.run("log", "--json").json()["events"]} <= {
        None, "", FIRST, SECOND}
    for project in (shop, blog):
        assert project.run("log", "--check", "--json", code=0).json()["check"]["altered"] is None
    shop.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == []


def test_a_run_of_one_project_does_not_lock_the_other(make_project, database):
    if database.kind == "sqlite":  # one file, one writer: the lock is the database's own
        return
    slow = {"postgres": "SELECT pg_sleep(20);", "mariadb": "SELECT sleep(20);"}[database.kind]
    shop = make(make_project, database, "shop")
    blog = make(make_project, database, "blog")
    shop.migration(f"{FIRST}_slow", f"-- migrate:up\n{slow}\n")
    blog.migration(f"{FIRST}_posts", table("posts"))
    with shop.start("up", "-q") as process:
        try:
            while not shop.run("status", "--json").json()["running"]:
                assert process.poll() is None
            assert blog.run("status", "--json").json()["running"] is None
            blog.run("up", code=0)
        finally:
            process.kill()
    assert database.tables() == ["posts"]


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_two_schemas_of_one_database(make_project, database):
    """One project, twice in one database: search_path in the URL chooses the working schema."""
    database.sql("CREATE SCHEMA north; CREATE SCHEMA south;")
    north = make(make_project, database, "shop", f"{database.url}?search_path=north")
    south = make(make_project, database, "shop",
                 f"{database.url}?options=-c%20search_path%3Dsouth")
    for project in (north, south):
        project.migration(f"{FIRST}_goods", table("goods"))
        project.migration(f"{SECOND}_prices", table("prices"))
    north.run("up", code=0)
    assert database.tables() == ["north.goods", "north.prices"]
    assert states(south) == ["pending", "pending"]
    south.run("up", "--to", FIRST, code=0)
    assert database.tables() == ["north.goods", "north.prices", "south.goods"]
    north.run("down", "--to", "0", "--yes", code=0)
    assert database.tables() == ["south.goods"]
    assert states(south) == ["applied", "pending"]


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_role_with_the_name_of_the_ledger_keeps_its_working_schema(make_project, database):
    """"$user" leads to schema godwit for role godwit, as soon as there is a ledger."""
    assert database.value("SELECT current_user") == "godwit"
    project = make(make_project, database, "shop")
    project.migration(f"{FIRST}_goods", table("goods"))
    project.run("up", code=0)
    assert database.tables() == ["goods"]
    assert states(project) == ["applied"]


def test_the_ledger_has_the_name_that_was_given(make_project, database):
    project = make_project(database)
    project.write("godwit.yaml", f"project: shop\nledger: history\ntargets:\n  dev:\n"
                  f"    url: '{database.url}'\n").chmod(0o600)
    project.migration(f"{FIRST}_goods", table("goods"))
    project.run("up", code=0)
    ledger = [name for name in database.tables(ledger=True) if name != "goods"]
    dot = "." if database.kind == "postgres" else "_"
    assert ledger and all(name.startswith(f"history{dot}") for name in ledger)
