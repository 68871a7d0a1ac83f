"""Points: what articles and their authors earn, the ledger of it, and who ranks where."""
