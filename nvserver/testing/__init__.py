"""The shipped test kit: a simulated client, faulty stores, and what checks a log. Product code never imports it."""
