"""What every demo company is made of: people and shifts, days that pass in order, deliveries over HTTP, names."""
