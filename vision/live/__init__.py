"""Live cameras: streams that come and go, whether their pictures can be relied on, and who looks at them when."""
