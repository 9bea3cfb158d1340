"""The coverage table: each operation, what becomes of it, and the test that proves it."""
