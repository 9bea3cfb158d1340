"""Tool orders: which tools a message asks for, with which arguments, and what they returned."""
