"""The newsroom's secret keys: where they lie, how they are made, and what is derived from them."""

from newsletter.keys.ciphers import DATA_KEY_FILE, DataKeys, StaleKeyError
from newsletter.keys.hashing import LINK_ALPHABET, LINK_TOKEN_LENGTH, NUMBER_KEY_LENGTH
from newsletter.keys.key_file import LAST_VERSION, create_data_keys, key_document, load_data_keys, new_secret
from newsletter.keys.secret_files import MissingKeyError, read_secret_file, write_secret_file

__all__ = (
    "DATA_KEY_FILE",
    "LAST_VERSION",
    "LINK_ALPHABET",
    "LINK_TOKEN_LENGTH",
    "NUMBER_KEY_LENGTH",
    "DataKeys",
    "MissingKeyError",
    "StaleKeyError",
    "create_data_keys",
    "key_document",
    "load_data_keys",
    "new_secret",
    "read_secret_file",
    "write_secret_file",
)
