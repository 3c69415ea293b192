"""How people write the same thing differently, and the one form that is compared. Pure; phones are `kernel.phone`."""
