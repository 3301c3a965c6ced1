"""The verbs of copies: they are owed, sent, filed, sent again; and how an authority is sent them."""
