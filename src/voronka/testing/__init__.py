"""What tests share: one cast of people, and stand-ins of the outside world."""
