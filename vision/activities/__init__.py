"""The activities that are built in: pure functions over a moment, each with what it rests on and what it cannot know."""
