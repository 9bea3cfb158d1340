"""The default brain: answers by fixed rules where no script and no other brain does."""
