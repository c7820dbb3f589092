"""`init` and `new` make what a user begins with; `config` tells where each setting comes from."""

import re


def test_init_makes_a_project_that_goes_up_at_once(make_project):
    project = make_project()
    result = project.run("init", "sqlite:app.db", "--json", code=0).json()
    assert [path.rsplit("/", 1)[-1] for path in result["created"]] == ["godwit.yaml", "migrations"]
    assert result["next"] == "godwit new NAME"
    path = project.run("new", "add", "users", "--json", code=0).json()["created"][0]
    file = project.folder / path
    assert re.fullmatch(r"\d{14}_add_users\.sql", file.name)
    file.write_text("-- migrate:up\nCREATE TABLE users (id integer);\n"
                    "-- migrate:down\nDROP TABLE users;\n")
    project.run("up", code=0)
    assert (project.folder / "app.db").is_file()


def test_init_without_a_url_takes_it_from_the_environment(make_project):
    project = make_project()
    result = project.run("init", code=0)
    assert "DATABASE_URL" in result.stderr
    assert "${DATABASE_URL}" in (project.folder / "godwit.yaml").read_text()
    project.run("status", env={"DATABASE_URL": "sqlite:other.db"}, code=0)


def test_init_writes_no_password_down(make_project):
    project = make_project()
    result = project.run("init", "postgres://ada:s3cret@localhost/shop", code=0)
    text = (project.folder / "godwit.yaml").read_text()
    assert "s3cret" not in text + result.stdout + result.stderr
    assert "${DATABASE_URL}" in text
    assert "password" in result.stderr


def test_init_overwrites_nothing(make_project):
    project = make_project()
    project.run("init", "sqlite:app.db", code=0)
    before = (project.folder / "godwit.yaml").read_text()
    result = project.run("init", "sqlite:other.db")
    assert result.code == 2
    assert (project.folder / "godwit.yaml").read_text() == before


def test_init_uses_the_folder_that_is_there(make_project):
    project = make_project()
    project.write("db/migrations/1_a.sql", "-- migrate:up\nCREATE TABLE a (b integer);\n")
    created = project.run("init", "sqlite:app.db", "--json", code=0).json()["created"]
    assert len(created) == 1
    assert project.run("status", "--json", code=0).json()["counts"]["pending"] == 1


def test_new_takes_the_next_free_second(make_project):
    project = make_project()
    project.run("init", "sqlite:app.db", code=0)
    names = {project.run("new", "same name", "--json", code=0).json()["created"][0]
             for _ in range(3)}
    assert len(names) == 3
    assert len({re.search(r"\d{14}", name)[0] for name in names}) == 3


def test_new_asks_no_database_and_wants_a_name(make_project):
    project = make_project()
    project.write("godwit.yaml", "targets: {dev: {url: 'postgres://127.0.0.1:1/nowhere'}}\n")
    project.run("new", "fine", code=0)
    project.run("new", code=2)
    project.run("new", "!!!", code=2)


def test_config_tells_where_each_value_comes_from(make_project):
    project = make_project()
    project.write("godwit.yaml", "project: shop\ntargets:\n  dev:\n    url: sqlite:app.db\n")
    result = project.run("config", "--json", env={"GODWIT_STALL": "70ms"}, code=0).json()
    values = {value["key"]: (value["value"], value["origin"]) for value in result["values"]}
    assert values["project"][0] == "shop"
    assert "godwit.yaml:1" in values["project"][1]
    assert values["url"] == ("sqlite:app.db", values["url"][1])
    assert values["stall"][0] == "70ms" and "GODWIT_STALL" in values["stall"][1]
    assert values["patience"][1] == "default"


def test_config_shows_no_secret(make_project):
    project = make_project()
    project.write(".env", "DATABASE_URL=postgres://ada:s3cret@localhost/shop\n")
    project.write("godwit.yaml", "targets: {dev: {url: '${DATABASE_URL}'}}\n")
    result = project.run("config", code=0)
    assert "s3cret" not in result.stdout + result.stderr
    assert "ada" in result.stdout


def test_config_without_a_target_shows_the_rest(make_project):
    project = make_project()
    project.write("godwit.yaml", "project: shop\n")
    result = project.run("config", "--json", code=0).json()
    assert any(value["key"] == "project" for value in result["values"])
    project.run("config", "--target", "nowhere", code=2)
