"""The process on screen: the map of funnels, the editor of a draft, versions, the check on history, what is stuck."""
