"""What language is measured with: judged sentences, and the replays by which a rule is held against a gold one."""
