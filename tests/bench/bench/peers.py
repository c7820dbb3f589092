"""The other tools: from npm into a folder beside the program, and from Debian."""

import json
import shutil
import subprocess

PYTHON = "/usr/bin/python3"
NODE_PACKAGES = ["dbmate@2", "knex@3", "pg@8", "mysql2@3", "better-sqlite3@12"]


class Peers:
    """Where the other tools are."""

    def __init__(self, root, home, wanted):
        self.wanted = wanted
        self.folder = home / "peers"
        if {"dbmate", "knex"} & set(wanted):
            self._install_node(root)

    def _install_node(self, root):
        if (self.folder / "node_modules" / "better-sqlite3" / "build" / "Release").is_dir():
            return
        if shutil.which("npm") is None:
            subprocess.run([root / "tools" / "install-packages.sh", "bench-npm"], check=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "package.json").write_text('{"private": true}\n')
        print("fetching dbmate, knex and its drivers from npm …", flush=True)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error",
                        *NODE_PACKAGES], cwd=self.folder, check=True, timeout=1200)

    def has(self, name):
        return name in self.wanted

    def node(self, name):
        """A program that npm installed."""
        return self.folder / "node_modules" / ".bin" / name

    def versions(self):
        """{tool: its version}"""
        found = {}
        for name in ("dbmate", "knex"):
            if self.has(name):
                package = self.folder / "node_modules" / name / "package.json"
                found[name] = json.loads(package.read_text())["version"]
        if self.has("alembic"):
            asked = [PYTHON, "-c", "import alembic; print(alembic.__version__)"]
            found["alembic"] = subprocess.run(asked, capture_output=True, text=True,
                                              check=True).stdout.strip()
        return found
