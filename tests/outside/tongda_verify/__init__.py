"""Verify what Tongda's ledger hands out: receipts, certificates, exported logs.

Written from the pages under docs/src/formats alone, with the standard library and an Ed25519 package (`cryptography`):
nothing of the ledger's own code is used. Each module names the page that it follows. What no page says is a defect of
the book. The rules of the law are not executed: what a record did to the state is taken from the seals.
"""
