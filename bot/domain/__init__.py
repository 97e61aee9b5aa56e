"""What the program knows and decides: pure rules, without input, output or a clock."""
