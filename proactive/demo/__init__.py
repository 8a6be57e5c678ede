"""The demo: the Daisy story end to end, with every part real but the film and the clock."""
