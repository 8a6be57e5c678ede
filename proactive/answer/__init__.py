"""Answers: questions about now and the past, answered from what was recorded, decided and told, and from nothing else."""
