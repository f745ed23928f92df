"""Files of other formats on the desk: what was read of them, and which bank they become."""
