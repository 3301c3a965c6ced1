"""What statutory returns ask of Atlas: the Missing table and its checks; the children of a workbook for Ofsted."""
