"""What the API serves: one file a resource, shapes beside the operations that use them."""
