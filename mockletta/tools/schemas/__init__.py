"""Tool schemas: derived from source code, and values that conform to one."""
