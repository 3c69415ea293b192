import pytest

from voronka.cli.setup_code import VARIABLE, setup_code


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_alone_on_this_machine_no_code_is_asked(monkeypatch, host):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert setup_code(host) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "crm.company.example", ""])
def test_where_strangers_can_reach_it_a_new_code_is_made_each_time(monkeypatch, host):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert len(setup_code(host)) == 10
    assert setup_code(host) != setup_code(host)


def test_the_owner_of_the_server_may_name_the_code(monkeypatch):
    monkeypatch.setenv(VARIABLE, "mine")
    assert setup_code("127.0.0.1") == "mine"
