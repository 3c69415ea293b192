"""What `up` refuses, in a sentence that says what to do."""

import errno
import os
import shutil
import socket
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest

from benches.harness import free_port
from voronka import cli
from voronka.cli import folder as folders
from voronka.cli.console import Failure
from voronka.cli.folder import DataFolder
from voronka.cli.up import refuse_busy_port


def test_a_busy_port() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Failure) as refusal:
            refuse_busy_port("127.0.0.1", other.getsockname()[1])
    assert "--port" in refusal.value.remedy


def test_a_free_port_passes() -> None:
    refuse_busy_port("127.0.0.1", free_port())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user(tmp_path: Path) -> None:
    shutil.chown(tmp_path, "nobody")
    with pytest.raises(Failure, match="nobody"):
        DataFolder(tmp_path).prepare()


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")(10**9, 10**9 - 5 * 2**20, 5 * 2**20)
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(Failure, match=r"\b5 [MМ]"):
        DataFolder(tmp_path).prepare()
    assert not (tmp_path / "logs").exists()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(Failure):
        DataFolder(tmp_path / "data").prepare()


def test_a_folder_is_used_by_one(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path), DataFolder(tmp_path)
    first.prepare()
    first.lock()
    assert second.is_locked()
    with pytest.raises(Failure):
        second.lock()


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    made = DataFolder(tmp_path).secrets()
    assert DataFolder(tmp_path).secrets() == made
    assert len(set(made.values())) == len(made)
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(Failure):
        DataFolder(tmp_path).secrets()


def test_a_disk_that_fills_up_on_the_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def write(_arguments: list[str]) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "/data/secrets.json")

    monkeypatch.setattr(cli, "import_module", lambda _name: SimpleNamespace(main=write))
    assert cli.main(["up"]) == 1
    assert "/data/secrets.json" in capsys.readouterr().err
