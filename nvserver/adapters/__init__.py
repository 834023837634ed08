"""What fills the ports: one package for each outside program or library."""
