"""Process: the company's way of working as one versioned document, and the engine that runs its rules."""
