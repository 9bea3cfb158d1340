"""Recording, replaying, learning and drift, over real sockets."""
