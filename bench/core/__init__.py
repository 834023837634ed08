"""The measuring core: what drives a server and reads what it cost, whatever the server is."""
