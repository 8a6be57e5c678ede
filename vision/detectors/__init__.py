"""The detectors that come with the product, each an adapter that imports its heavy parts only when it is loaded."""
