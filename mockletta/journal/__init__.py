"""What was asked and answered: entries, the journal that keeps them, and questions to it."""
