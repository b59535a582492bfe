"""Events that others want to hear of, how they are sent, and requests that are sent again."""
