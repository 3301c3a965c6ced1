"""What waits at the front door, what one raised oneself, what is asked of one's team; the child's contacts and assessments; how alike decisions are."""
