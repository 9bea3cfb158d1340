"""client.folders, also under its old name, and the files in folders."""
