"""The map on the screen: the only place where a web engine runs. It can load nothing but our own parts."""
