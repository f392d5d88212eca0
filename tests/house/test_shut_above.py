from pathlib import Path
from tempfile import TemporaryDirectory

from bss.embedded.places import shut_above


def test_the_directory_that_shuts_the_servers_out_is_named() -> None:
    with TemporaryDirectory(dir="/tmp") as made:
        checkout = Path(made)
        data = checkout / "checkout" / ".data"
        data.mkdir(parents=True)
        checkout.chmod(0o711)
        (checkout / "checkout").chmod(0o755)
        assert shut_above(data) is None

        (checkout / "checkout").chmod(0o700)

        assert shut_above(data) == checkout / "checkout"
