"""Talk: what a conversation adds to single requests: yes and no, answers, follow-ups, told facts, and rules that stand."""
