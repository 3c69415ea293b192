"""Start an installed `voronka up` on an empty folder and look at what it answers."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

START_SECONDS = 120


def main() -> int:
    assert shutil.which("node") is None, "this is to be tried without Node"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["voronka", "up", "--data", sys.argv[1], "--port", str(port), "--no-browser"]
    system = subprocess.Popen(command)
    try:
        base = f"http://127.0.0.1:{port}"
        wait(base, system)
        page = get(f"{base}/")
        assert "<form" in page, "the first-run page has a form"
        assets = re.findall(r'(?:href|src)="(/static/dist/[^"#?]+\.(?:css|js))"', page)
        assert any(name.endswith(".css") for name in assets), "the page has its styles"
        for name in assets:
            assert get(base + name), name
    finally:
        system.send_signal(signal.SIGINT)
        code = system.wait(30)
    assert code == 0, f"stopped with code {code}"
    print(f"wheel: first-run page and {len(assets)} assets")
    return 0


def wait(base: str, system: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and system.poll() is None:
        try:
            if get(f"{base}/healthz"):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"voronka up did not answer (code {system.poll()})")


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as reply:
        return reply.read().decode()


if __name__ == "__main__":
    sys.exit(main())
