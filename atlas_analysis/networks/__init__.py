"""Who and what is tied to whom: groups, the people through whom groups touch, the shortest way from one to another with the reason for each step, what changed
between two dates, and which children go missing at the same time.

A tie is typed, graded, dated, and ends. A child is a child first: no list of people of concern holds one, whatever else is alleged (real-life.md point 8).
Nothing here says who recruits whom: a direction stands only where somebody stated it. Nothing ranks children.
"""
