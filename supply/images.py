"""Pins the images that docker-compose.yml names by their digests; `make images` runs it.

A tag is what its owner makes of it today, a digest is one image for ever. The file keeps both: the
tag says what is followed, the digest what was tried. To raise them is to run this again.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

COMPOSE = Path(__file__).parents[1] / "docker-compose.yml"
_IMAGE = re.compile(r"(?<=_IMAGE:-)(?P<tag>[^@}\s]+)(?:@(?P<digest>sha256:[0-9a-f]{64}))?(?=\})")


def pinned(text: str) -> dict[str, str | None]:
    """The images that a compose file names: by tag their digest, None where they have none."""
    return {found["tag"]: found["digest"] for found in _IMAGE.finditer(text)}


def raised(text: str) -> str:
    """The compose file's text with the digests that the tags have now.

    Raises CalledProcessError where a registry does not answer: half of them would be none.
    """
    digests = {tag: _digest(tag) for tag in pinned(text)}
    return _IMAGE.sub(lambda found: f"{found['tag']}@{digests[found['tag']]}", text)


def _digest(tag: str) -> str:
    _docker("pull", "--quiet", tag)
    said = _docker("image", "inspect", "--format", '{{join .RepoDigests "\\n"}}', tag)
    return said.split()[0].rpartition("@")[2]


def _docker(*words: str) -> str:
    command = ["docker", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def main(*words: str) -> int:
    """Raise the digests, or with `--check` say which image has none."""
    text = COMPOSE.read_text()
    if words == ("--check",):
        bare = [tag for tag, digest in pinned(text).items() if digest is None]
        for tag in bare:
            print(f"{tag} has no digest: run `make images` where its registry answers")
        return 1 if bare else 0
    try:
        COMPOSE.write_text(raised(text))
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"Nothing was changed: {error}", file=sys.stderr)
        return 1
    for tag, digest in pinned(COMPOSE.read_text()).items():
        print(f"{tag} is {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
