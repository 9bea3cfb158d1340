"""The commands for a running server, against one."""
