"""What things are and what is allowed. Pure: no clock, no input or output, no Qt."""
