"""A real nginx with the project's own configuration in front of real nodes, on ports of its own."""

import datetime
import ipaddress
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.ports import free_port

CONFIG = Path(__file__).parent.parent.parent / "config" / "nginx.conf"
UPSTREAMS = "server node-1:8000 max_fails=2 fail_timeout=5s;\n        server node-2:8000 max_fails=2 fail_timeout=5s;"
START_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Nginx:
    """`certificate` is the authority that its own is signed by: itself."""

    port: int
    plain_port: int
    certificate: Path
    folder: Path

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def access_log(self) -> str:
        return (self.folder / "access.log").read_text()


def find_nginx() -> str | None:
    """The program, if the machine has it."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def running_nginx(folder: Path, node_ports: Sequence[int]) -> Iterator[Nginx]:
    """The configuration as it is shipped, but for what it says to change: names, certificate, ports and paths."""
    program = find_nginx()
    assert program is not None
    nginx = Nginx(free_port(), free_port(), folder / "fullchain.pem", folder)
    _make_certificate(nginx.certificate, folder / "privkey.pem")
    text = CONFIG.read_text()
    nodes = "\n".join(f"server 127.0.0.1:{port} max_fails=2 fail_timeout=5s;" for port in node_ports)
    for shipped, ours in (
        (UPSTREAMS, nodes),
        ("listen 80 default_server", f"listen 127.0.0.1:{nginx.plain_port} default_server"),
        ("listen 443 ssl http2 default_server", f"listen 127.0.0.1:{nginx.port} ssl http2 default_server"),
        ("/etc/nginx/tls/", f"{folder}/"),
        ("/dev/stdout", str(folder / "access.log")),
        ("/dev/stderr", str(folder / "error.log")),
        ("/tmp/nginx", str(folder / "nginx")),
        ("worker_rlimit_nofile 65536;", ""),
        ("worker_processes auto;", "worker_processes 1; daemon off; user root;"),
    ):
        assert shipped in text, f"the configuration no longer says {shipped!r}"
        text = text.replace(shipped, ours)
    file = folder / "nginx.conf"
    file.write_text(text)
    command = [program, "-p", str(folder), "-c", str(file), "-e", str(folder / "error.log")]
    subprocess.run([*command, "-t"], check=True, capture_output=True, text=True)
    process = subprocess.Popen(command)
    try:
        yield nginx
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _make_certificate(certificate_file: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
