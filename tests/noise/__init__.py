"""How much noise the rules make: milestones whose fate is known are lived through, day by day, by the assessment itself."""
