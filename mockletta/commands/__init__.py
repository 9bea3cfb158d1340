"""The commands of the command line, one file each. A command is loaded on first use."""
