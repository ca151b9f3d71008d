"""Connects to the host, to a name, and to the world.

Group: network
Limits: wall_s=3
"""
import socket
import urllib.request

for family, address in (
    (socket.AF_INET, ("127.0.0.1", CANARY_PORT)),
    (socket.AF_INET, ("8.8.8.8", 53)),
    (socket.AF_INET6, ("::1", CANARY_PORT)),
    (socket.AF_UNIX, "\0chainrule"),
    (socket.AF_UNIX, "/var/run/docker.sock"),
):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(family, kind) as out:
                out.connect(address)
                print("BREACH: connected to", address)
        except OSError:
            pass
for way in (
    lambda: urllib.request.urlopen("http://127.0.0.1:CANARY_PORT/", timeout=1),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: socket.create_server(("0.0.0.0", 0)),
    lambda: socket.socketpair(),
    lambda: socket.fromfd(3, socket.AF_UNIX, socket.SOCK_STREAM),
):
    try:
        print("BREACH: did", way())
    except OSError:
        pass
