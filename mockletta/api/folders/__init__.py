"""client.folders, also under its older name, and the files in folders."""
