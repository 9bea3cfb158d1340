"""The contract of a brain, which decides what an agent says. It has no side effects."""
