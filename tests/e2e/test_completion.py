"""What bash, zsh and fish complete with the scripts of `godwit completion`."""

import os
import pty
import select
import subprocess
import time

import pytest

SECONDS = 20


class Zsh:
    """An interactive zsh at a terminal, with the script loaded."""

    def __init__(self, program, folder, script):
        master, slave = pty.openpty()
        env = {"PATH": f"{program.parent}:{os.defpath}", "HOME": str(folder), "TERM": "dumb",
               "LC_ALL": "C.UTF-8"}
        self.shell = subprocess.Popen(["zsh", "-f", "-i"], cwd=folder, env=env, stdin=slave,
                                      stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        self.master = master
        self.type("PS1='ready> '; unsetopt zle_bracketed_paste; setopt auto_list\n")
        self.type(f"autoload -Uz compinit; compinit -u -d {folder}/dump; source {script}\n")
        self.type("print loa''ded\n")
        self.expect("loaded")

    def type(self, text):
        os.write(self.master, text.encode())

    def expect(self, text):
        """Read until `text` is shown; all that was shown."""
        seen, deadline = "", time.monotonic() + SECONDS
        while text not in seen and time.monotonic() < deadline:
            if select.select([self.master], [], [], 0.2)[0]:
                seen += os.read(self.master, 65536).decode(errors="replace")
        assert text in seen, f"no '{text}' in:\n{seen}"
        return seen

    def end(self):
        self.shell.kill()
        self.shell.wait()
        os.close(self.master)


@pytest.fixture(name="zsh")
def start_zsh(program, tmp_path):
    script = tmp_path / "script"
    script.write_bytes(subprocess.run([program, "completion", "zsh"], check=True,
                                      capture_output=True).stdout)
    shell = Zsh(program, tmp_path, script)
    yield shell
    shell.end()


def with_bash(program, folder, line):
    words = line.split(" ")
    typed = ("source <(godwit completion bash)\nCOMP_WORDS=(" + " ".join(f"'{w}'" for w in words) +
             f")\nCOMP_CWORD={len(words) - 1}\n_godwit\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"")
    return run(program, folder, "bash", "--norc", "-c", typed)


def with_fish(program, folder, line):
    typed = f"godwit completion fish | source; complete -C '{line}'"
    return [row.split("\t")[0] for row in run(program, folder, "fish", "--no-config", "-c", typed)]


def run(program, folder, *command):
    env = {"PATH": f"{program.parent}:{os.defpath}", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True,
                          timeout=SECONDS, check=True)
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("shell", [with_bash, with_fish], ids=["bash", "fish"])
def test_commands_options_and_words(shell, program, tmp_path):
    assert shell(program, tmp_path, "godwit stat") == ["status"]
    assert {"up", "down", "plan", "redo"} <= set(shell(program, tmp_path, "godwit "))
    assert shell(program, tmp_path, "godwit plan --mark") == ["--markdown"]
    assert "--steps" in shell(program, tmp_path, "godwit down --")
    assert "--atomic" not in shell(program, tmp_path, "godwit down --")
    assert "--target" in shell(program, tmp_path, "godwit down --")
    # A synonym has the options of its command.
    assert "--steps" in shell(program, tmp_path, "godwit rollback --")
    assert {"bash", "zsh", "fish"} <= set(shell(program, tmp_path, "godwit completion "))


@pytest.mark.parametrize("shell", [with_bash, with_fish], ids=["bash", "fish"])
def test_files_where_files_go(shell, program, tmp_path):
    (tmp_path / "release.plan").touch()
    assert "release.plan" in shell(program, tmp_path, "godwit up --plan rel")


@pytest.mark.parametrize("shell", [with_bash, with_fish], ids=["bash", "fish"])
def test_a_command_behind_global_flags(shell, program, tmp_path):
    assert "--steps" in shell(program, tmp_path, "godwit --target dev down --")
    assert shell(program, tmp_path, "godwit --target dev stat") == ["status"]


def test_zsh_completes_commands_options_and_words(zsh):
    zsh.type("godwit stat\t")
    zsh.expect("godwit status ")
    zsh.type("\x15godwit plan --mark\t")
    zsh.expect("--markdown ")
    zsh.type("\x15godwit down --st\t")
    zsh.expect("--steps")
    zsh.type("\x15godwit rollback --st\t")
    zsh.expect("--steps")
    zsh.type("\x15godwit completion fi\t")
    zsh.expect("completion fish")


def test_zsh_shows_what_a_command_is_for(zsh):
    zsh.type("godwit re\t\t")
    seen = zsh.expect("repair")
    assert "redo" in seen and "--" in seen


def test_zsh_finds_the_command_behind_global_flags(zsh):
    zsh.type("godwit --target dev stat\t")
    zsh.expect("dev status")
    zsh.type("\x15godwit --target dev down --st\t")
    zsh.expect("--steps")
