"""Atlas: the multi-agency safeguarding record for children who go missing or are at risk of exploitation."""
