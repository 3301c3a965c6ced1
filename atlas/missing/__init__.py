"""Missing children and return interviews: reported, looked for, found, returned, and listened to.

Screens: missing now, report a child missing, the missing episode, record a return, offer an interview, talk with the child.
Guidance: Children who run away or go missing from home or care (DfE, January 2014, statutory); College of Policing
authorised professional practice on missing persons (2017). What is local or our own design is labelled so.
"""
