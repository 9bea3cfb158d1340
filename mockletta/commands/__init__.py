"""The commands of the command line, a file each; one is loaded when it is asked for."""
