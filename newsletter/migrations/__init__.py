"""Schema migrations, run by `newsletter upgrade` and `init`."""
